import { z } from 'zod';

// Importing this first keeps zod from trying `eval` where a page's policy forbids it and reports every try. Schemas are
// then checked without compiling, which a page that checks none does not notice.
z.config({ jitless: true });
