/**
 * Where the references of a URL's template stand, as far as its text tells. A reference to an output or to the input may bring a scheme
 * and a host with it: what follows one at the beginning is told only from the next `?` or `#` on.
 */
import type { Template } from './template.js';

export type UrlPlace = 'scheme' | 'authority' | 'unknown' | 'path' | 'queryName' | 'queryValue' | 'fragment';

/** Of each segment: where its first letter stands. As WHATWG's URL, a backslash is a slash and slashes before a host may be missing. */
export function urlPlaces(url: Template): UrlPlace[] {
  let place: UrlPlace = 'scheme';
  let hasHost = false;
  return url.map((segment) => {
    const begin = place;
    if (segment.kind !== 'text') {
      if (segment.kind !== 'secretKey' && (place === 'scheme' || place === 'authority')) place = 'unknown';
      return begin;
    }
    for (const letter of segment.text) {
      const isSlash = letter === '/' || letter === '\\';
      if (place === 'fragment') break;
      if (letter === '#') place = 'fragment';
      else if (place === 'queryName' || place === 'queryValue') {
        if (letter === '&') place = 'queryName';
        else if (letter === '=') place = 'queryValue';
      } else if (letter === '?') place = 'queryName';
      else if (place === 'scheme' && letter === ':') place = 'authority';
      else if (place === 'authority') {
        if (!isSlash) hasHost = true;
        else if (hasHost) place = 'path';
      }
    }
    return begin;
  });
}

/** What is wrong with the text of a URL that does not depend on what its references bring; null when nothing is. */
export function urlProblem(url: Template): string | null {
  const places = urlPlaces(url);
  const isOpen = (place: UrlPlace) => url.some((segment, index) => segment.kind !== 'text' && places[index] === place);
  if (isOpen('scheme')) return null;
  const text = withReferencesAs(url, 'x');
  if (!/^https?:/i.test(text)) return 'must begin with https:// or http://';
  if (isOpen('authority')) return null;
  if (!URL.canParse(text)) return 'must be a URL';
  const { username, password } = new URL(text);
  return username === '' && password === '' ? null : 'must have no user name and password; use basicAuth';
}

/** The URL, when nothing that its references bring can change its scheme and host; the references are an `x`. */
export function literalUrl(url: Template): URL | null {
  const places = urlPlaces(url);
  const isOpen = url.some(
    (segment, index) => segment.kind !== 'text' && (places[index] === 'scheme' || places[index] === 'authority'),
  );
  const text = withReferencesAs(url, 'x');
  return isOpen || !URL.canParse(text) ? null : new URL(text);
}

const withReferencesAs = (url: Template, text: string): string =>
  url.map((segment) => (segment.kind === 'text' ? segment.text : text)).join('');
