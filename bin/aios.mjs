#!/usr/bin/env node
import { runEntry } from '../scripts/bootstrap.mjs';

process.exitCode = await runEntry('main/cli/main.ts', process.argv.slice(2));
