import path from 'node:path';
import { bucketStorage } from './bucket-storage.ts';
import { openBucket } from './bucket.ts';
import { idOf, storeOf } from './data-file.ts';
import { diskStorage } from './disk-storage.ts';
import type { Storage } from './storage.ts';

/** Where a collection's files may lie: on the disk of the data folder, and in a bucket when PocketBase's settings name one. */
export interface Places {
	disk: Storage;
	bucket: Storage | undefined;
	/** Whether they lie in the bucket now; what lies at the other place is left of a move. */
	inBucket: boolean;
}

/** Both places. Refuses with `unavailable: storage` when PocketBase's file cannot be read, and as `storeOf` does. */
export function placesOf(data: string, collection: string): Places {
	const [id, store] = [idOf(data, collection), storeOf(data)];
	return {
		disk: diskStorage(path.join(data, 'pocketbase', 'storage', id)),
		bucket: store && bucketStorage(openBucket(store), id),
		inBucket: store?.enabled ?? false
	};
}

/**
 * The storage of a collection, where PocketBase's settings say that it is. While files are moved from one place to the
 * other both are looked through for what belongs to no record, and a record is removed from both. Refuses as `placesOf`.
 */
export function openStorage(data: string, collection: string): Storage {
	const { disk, bucket, inBucket } = placesOf(data, collection);
	if (!bucket) return disk;
	const [main, other] = inBucket ? [bucket, disk] : [disk, bucket];
	return {
		...main,
		async folders() {
			return [...new Set([...(await main.folders()), ...(await other.folders())])];
		},
		async changedMs(record) {
			const times = [await main.changedMs(record), await other.changedMs(record)].filter(Number.isFinite);
			return times.length > 0 ? Math.max(...times) : Infinity;
		},
		async remove(record) {
			await main.remove(record);
			await other.remove(record);
		}
	};
}
