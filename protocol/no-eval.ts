import { config } from 'zod';

// Where a page forbids code from text, even asking whether it is allowed is reported. Imported before any schema is made.
config({ jitless: true });
