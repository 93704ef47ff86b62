/** Whether an address is a page of this machine: nothing else is ever opened from what a program printed. */
export function isLocalPage(address: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(address);
    const local = hostname === '127.0.0.1' || hostname === 'localhost';
    return local && (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
  } catch {
    return false;
  }
}
