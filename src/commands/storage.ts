import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { openAccessLog } from '#access-log/log.ts';
import { Failure, isFailure } from '#failures.ts';
import { openBucket } from '#pocketbase/bucket.ts';
import { setStore, storeOf, type StoreSettings } from '#pocketbase/data-file.ts';
import { share } from '#pocketbase/folder.ts';
import { clearLeftovers } from '#pocketbase/leftovers.ts';
import { clearCopies, copyAll } from '#pocketbase/moving.ts';
import { placesOf } from '#pocketbase/places.ts';
import { isAnswering } from '#pocketbase/server.ts';
import { readSettings, type Settings } from '#settings.ts';
import { withBar } from './bar.ts';
import { mustBeAlone } from './beside.ts';
import { mustBeFounded } from './database.ts';

interface Options {
	endpoint?: string;
	bucket?: string;
	region?: string;
	accessKey?: string;
	secretFile?: string;
	virtualHost?: boolean;
}

const toS3Command = new Command('move-to-s3')
	.description('move the sealed files to an S3 store; copies beside the running server, goes over when it is stopped')
	.option('--endpoint <url>', 'the store, as https://host; the first time')
	.option('--bucket <name>', 'an empty bucket that keeps no versions')
	.option('--region <name>', 'its region')
	.option('--access-key <id>', 'the id of the access key')
	.option('--secret-file <file>', 'a file that holds the secret of the access key')
	.option('--virtual-host', "the bucket's name stands before the host's, instead of in the path")
	.action(async (options: Options) => {
		const settings = readSettings(process.env);
		mustBeFounded(settings);
		const { data } = settings;
		const known = storeOf(data);
		const store = await told(options, known);
		await mustForget(store);
		const stopped = await isStopped(settings);
		if (known?.enabled) {
			if (JSON.stringify(known) !== JSON.stringify(store)) await change(settings, stopped, store);
			await finish(settings, true);
			return;
		}
		setStore(data, store);
		await copy(settings, true);
		if (!stopped) return again('move-to-s3');
		await change(settings, stopped, { ...store, enabled: true });
		await finish(settings, true);
	});

const toDiskCommand = new Command('move-to-disk')
	.description('move the sealed files back to the disk; copies beside the running server, goes over when it is stopped')
	.action(async () => {
		const settings = readSettings(process.env);
		mustBeFounded(settings);
		const store = storeOf(settings.data);
		if (!store) return console.log('The sealed files lie on the disk.');
		const stopped = await isStopped(settings);
		if (store.enabled) {
			await copy(settings, false);
			await share(settings.data);
			if (!stopped) return again('move-to-disk');
			await change(settings, stopped, { ...store, enabled: false });
		}
		if (!(await finish(settings, false))) return;
		setStore(settings.data);
		// The access key can be read in the database's files until they are written anew.
		await clearLeftovers(settings.data);
	});

export const storageCommand = new Command('storage')
	.description('where the sealed files lie: on the disk, or in an S3 store')
	.addCommand(toS3Command)
	.addCommand(toDiskCommand);

/** The store of the options, or the one that the settings know; of a known one the access key may be another. */
async function told(options: Options, known: StoreSettings | undefined): Promise<StoreSettings> {
	const { endpoint = known?.endpoint, bucket = known?.bucket, region = known?.region } = options;
	const { accessKey = known?.accessKey } = options;
	const secret = options.secretFile ? (await readFile(options.secretFile, 'utf8')).trim() : known?.secret;
	if (!endpoint || !bucket || !region || !accessKey || !secret) {
		return no('The first time name --endpoint, --bucket, --region, --access-key and --secret-file.');
	}
	if (!/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/.test(endpoint)) {
		return no('--endpoint must be https, or http on this machine only.');
	}
	if (known?.enabled && (endpoint !== known.endpoint || bucket !== known.bucket)) {
		return no('The files lie in another bucket: move them to the disk first.');
	}
	const forcePathStyle = known && !options.endpoint ? known.forcePathStyle : !options.virtualHost;
	return { enabled: known?.enabled ?? false, endpoint, bucket, region, accessKey, secret, forcePathStyle };
}

async function mustForget(store: StoreSettings): Promise<void> {
	const bucket = openBucket(store);
	const versions = await bucket.versions();
	if (versions === 'kept') no(`The bucket ${bucket.name} keeps versions of what is deleted: take one that never did.`);
	if (versions === 'unknown') {
		console.error(`Whether ${bucket.name} keeps versions it does not say: see to it that it does not.`);
	}
}

async function copy({ data }: Settings, toBucket: boolean): Promise<void> {
	const { disk, bucket } = placesOf(data, 'recordings');
	if (!bucket) return;
	const [from, to] = toBucket ? [disk, bucket] : [bucket, disk];
	const copied = await withBar('copy', 'files', (show) => copyAll(data, from, to, show));
	console.log(`${copied} sealed files copied, and read back.`);
}

/** Changes the place, or the access key, while nobody else is at work on the data folder. */
async function change(settings: Settings, stopped: boolean, store: StoreSettings): Promise<void> {
	if (!stopped) no('Stop the server and PocketBase first: they read where the files lie when they start.');
	const { data, checkpoints } = settings;
	// Whoever holds the log's lock is the only one; a server that is started now waits in vain and says so.
	const log = await openAccessLog(path.join(data, 'access-log'), { now: () => new Date(), checkpoints });
	try {
		setStore(data, store);
	} finally {
		await log.close();
	}
}

/** Removes what lies at the place that was left, once it was read at the other. Whether nothing stays. */
async function finish({ data }: Settings, inBucket: boolean): Promise<boolean> {
	const { disk, bucket } = placesOf(data, 'recordings');
	if (!bucket) return true;
	const [main, other] = inBucket ? [bucket, disk] : [disk, bucket];
	const { removed, stay } = await withBar('remove', 'files', (show) => clearCopies(data, main, other, show));
	console.log(`The sealed files lie ${inBucket ? 'in the S3 store' : 'on the disk'}; ${removed} copies removed.`);
	for (const record of stay) console.error(`${record}: stays where it was: kuuntelupiste reconcile, then this again.`);
	if (stay.length > 0) process.exitCode = 1;
	return stay.length === 0;
}

async function isStopped({ data, pocketbaseUrl }: Settings): Promise<boolean> {
	if (pocketbaseUrl && (await isAnswering(pocketbaseUrl))) return false;
	return mustBeAlone(data).then(
		() => true,
		(fault: unknown) => {
			if (isFailure(fault) && fault.reason === 'already_running') return false;
			throw fault;
		}
	);
}

function again(command: string): void {
	console.log(`Now stop the server and PocketBase, run "kuuntelupiste storage ${command}" again, and start them.`);
}

function no(detail: string): never {
	throw new Failure('invalid', 'store_settings', { detail });
}
