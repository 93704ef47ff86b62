import { config } from 'zod';

// A page's policy forbids code made from text, and even the question whether it is allowed is reported. This comes before
// the first schema, in whatever part of the page that is.
if ('document' in globalThis) config({ jitless: true });
