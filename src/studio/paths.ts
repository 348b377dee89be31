/** Paths of the studio's pages. */

export function newsletterPath(newsletter: string): string {
  return `/n/${encodeURIComponent(newsletter)}`;
}

export function issuePath(newsletter: string, number: number): string {
  return `${newsletterPath(newsletter)}/issues/${number}`;
}
