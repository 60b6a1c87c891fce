/**
 * The address of a server without slashes at its end, so that paths can be added.
 *
 * @throws TypeError where it is no http(s) address, or has a query or a fragment: a path after one would not be asked for
 */
export function baseUrl(url: string): string {
  const base = url.replace(/\/+$/, '');
  if (!/^https?:\/\/[^/?#\s\p{Cc}][^?#\s\p{Cc}]*$/iu.test(base)) throw new TypeError(`"${url.slice(0, 80)}" is no http(s) address of a server`);
  return base;
}
