import { openBucket } from '#pocketbase/bucket.ts';
import { storeOf } from '#pocketbase/data-file.ts';
import { placesOf } from '#pocketbase/places.ts';
import { act, fine, look, type Finding } from './finding.ts';

/** Where the sealed files lie, and whether that place can be reached and forgets what is deleted. */
export async function files(data: string): Promise<Finding> {
	const store = storeOf(data);
	if (!store) return fine('files_disk');
	const bucket = openBucket(store);
	const place = bucket.name;
	const versions = await bucket.versions().catch(() => undefined);
	if (!versions) return act('files_unreached', { place });
	if (versions === 'kept') return act('files_versions', { place });
	const { disk, inBucket } = placesOf(data, 'recordings');
	if (!inBucket || (await disk.folders()).length > 0) return look('files_moving', { place });
	return versions === 'unknown' ? look('files_unknown', { place }) : fine('files_store', { place });
}
