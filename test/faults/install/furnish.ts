import { newClient } from '#pocketbase/pocketbase.ts';
import { furnish } from '../../support/people.ts';
import { superuser } from '../../support/superuser.ts';

// Run on the installed machine: the people of the browser tests, instead of the first maintainer.

const client = newClient('http://127.0.0.1:8090');
await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
const first = await client.collection('staff').getFirstListItem("sign_in_name = 'maintainer'");
await client.collection('staff').delete(first.id);
await furnish(client);
