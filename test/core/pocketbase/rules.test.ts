import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, type House } from '../../support/house.ts';
import rules from '#pocketbase/rules.json' with { type: 'json' };

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

const doors = ['listRule', 'viewRule', 'createRule', 'updateRule', 'deleteRule', 'manageRule', 'authRule'] as const;

/** The alternatives of a rule, those inside parentheses left whole. */
function waysIn(rule: string): string[] {
	let depth = 0;
	const ways = [''];
	for (const part of rule.split(/(\(|\)| \|\| )/)) {
		if (part === '(') depth++;
		if (part === ')') depth--;
		if (part === ' || ' && depth === 0) ways.push('');
		else ways[ways.length - 1] += part;
	}
	return ways;
}

describe('the second wall', () => {
	it('is what the table of rules says, collection by collection and door by door', async () => {
		const collections = await house.superuser.collections.getFullList();
		const found = Object.fromEntries(
			collections
				.sort((one, other) => one.name.localeCompare(other.name))
				.map((collection) => [
					collection.name,
					Object.fromEntries(doors.map((door) => [door, collection[door]]).filter(([, rule]) => rule !== undefined))
				])
		);
		// Whoever changes a rule on purpose writes it here too; null (nobody) and '' (everybody) are not the same.
		expect(found).toStrictEqual(rules);
	});

	it('has no collection that everybody may use: every rule is nobody (null) or names who', () => {
		for (const [name, doorsOf] of Object.entries(rules)) {
			for (const [door, rule] of Object.entries(doorsOf)) {
				if (rule === null || door === 'authRule') continue;
				// PocketBase's own: whoever signed in sees the second factors and origins of their own account.
				const who = name.startsWith('_')
					? /^@request\.auth\.id != '' && recordRef = @request\.auth\.id /
					: /^\(?@request\.auth\.collectionName = "(staff|services)" && /;
				// No way in without a name of its own.
				for (const way of waysIn(rule)) expect(way, `${name}.${door}`).toMatch(who);
			}
		}
	});

	it('lets only who is active sign in, and services', () => {
		const signingIn = Object.entries(rules).filter(([, doorsOf]) => 'authRule' in doorsOf);
		expect(signingIn.map(([name, doorsOf]) => [name, 'authRule' in doorsOf && doorsOf.authRule])).toEqual([
			['_superusers', ''],
			['services', ''],
			['staff', 'active = true']
		]);
	});

	it('lets nobody destroy by hand, and only the retention service delete recordings, that are due and not held', async () => {
		const collections = await house.superuser.collections.getFullList();
		const deletable = collections.filter(({ name, deleteRule }) => !name.startsWith('_') && deleteRule !== null);
		expect(deletable.map(({ name, deleteRule }) => [name, deleteRule])).toEqual([
			[
				'recordings',
				'@request.auth.collectionName = "services" && @request.auth.name = "retention" && destroy_after <= @now && held_until = ""'
			]
		]);
	});

	it('lets nobody but the intake write a recording, and the retention seal one anew, once', async () => {
		const recordings = await house.superuser.collections.getOne('recordings');
		expect(recordings.createRule).toBe('@request.auth.collectionName = "services" && @request.auth.name = "intake"');
		const ways = /^\((.+)\) \|\| \((.+)\)$/.exec(String(recordings.updateRule))?.slice(1) ?? [];
		const conditions = ways.map((way) => way.split(' && '));
		expect(conditions.map((way) => way.slice(0, 4))).toEqual([
			[
				'@request.auth.collectionName = "services"',
				'@request.auth.name = "retention"',
				'own_key = false',
				'@request.body.own_key = true'
			],
			// Of its own storing that was cut short the intake may store the sound anew, until it was read back.
			['@request.auth.collectionName = "services"', '@request.auth.name = "intake"', 'checked = ""', 'own_key = false']
		]);
		const fixed = ['answered', 'employee', 'team', 'key_day', 'destroy_after', 'held_until'];
		for (const field of fixed) {
			for (const way of conditions) expect(way).toContain(`@request.body.${field}:changed = false`);
		}
		expect(conditions[0]).toContain('@request.body.audio_sha256:changed = false');
	});

	it('keeps the audio file protected', async () => {
		const recordings = await house.superuser.collections.getOne('recordings');
		expect(recordings.fields.find(({ name }) => name === 'audio')).toMatchObject({ protected: true, maxSelect: 1 });
	});

	it('refuses to store an unmasked number', async () => {
		const { superuser } = house;
		const masked = (await superuser.collections.getOne('recordings')).fields.find(
			({ name }) => name === 'customer_number_masked'
		);
		const pattern = new RegExp(masked?.['pattern']);
		expect('+358501234567').not.toMatch(pattern);
		expect('+3585012345***').toMatch(pattern);
	});
});
