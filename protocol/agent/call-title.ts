/** A call on one line: its tool once, and files of the workspace without the way there. */
export function callTitle(
  { tool, title }: { readonly tool: string; readonly title: string },
  workspace: string | null,
): string {
  const named = title.startsWith(tool) ? title : `${tool} ${title}`;
  return workspace === null ? named : named.replaceAll(`${workspace}/`, '');
}
