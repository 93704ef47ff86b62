/** Fewer reads for a long prompt, and what one read takes still lies in the processor's nearest caches when it is compared. */
const READ_BYTES = 256 * 1024;

let shared: Buffer | undefined;

/**
 * The memory that every connection of this thread is read into, one after the other: what is read is handed on before
 * anything else is, and whoever keeps of it copies. Node would make 64 KiB anew for each read.
 */
export function readBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
  return shared;
}
