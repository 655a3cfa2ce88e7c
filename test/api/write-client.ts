import { writeFileSync } from 'node:fs';
import { clientTypes, CLIENT_FILE } from './generate-client.ts';

// Writes the types anew that the journey's client is made of: `npm run client`, after a change of a route.
writeFileSync(CLIENT_FILE, await clientTypes());
