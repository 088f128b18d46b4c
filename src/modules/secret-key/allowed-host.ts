/** Whether a key may go to a URL. What is decided here is only a warning: the runner's door decides before anything is sent. */

/** @param allowedHosts in canonical form, see `canonicalHost`. One without `http://` is for https; a wildcard stands for one label. */
export const allowsUrl = (
  key: { readonly allowedHosts: readonly string[]; readonly allowsAnyHost: boolean },
  url: URL,
): boolean =>
  (key.allowsAnyHost && url.protocol === 'https:') ||
  key.allowedHosts.some((allowed) => {
    const isPlain = allowed.startsWith('http://');
    const host = isPlain ? allowed.slice('http://'.length) : allowed;
    if (url.protocol !== (isPlain ? 'http:' : 'https:')) return false;
    return host.startsWith('*.') ? url.host.replace(/^[^.]+\./, '*.') === host : url.host === host;
  });
