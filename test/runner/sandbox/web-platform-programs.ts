/** Small programs for the sandbox by what they use of the web platform, and exactly what each returns. */
import type { JsonValue } from '../../../src/runner/sandbox/json.js';

export const placeholder = `nightsafe_placeholder_${'A'.repeat(22)}`;

/** `KEY` is the placeholder, `NUMBER` is 1, and `LIST` is `[{ a: 1 }]`. */
export const programs: Readonly<Record<string, readonly (readonly [code: string, output: JsonValue])[]>> = {
  'JavaScript, as the body of an async function': [
    ['return 1 + 1', 2],
    ['', null],
    ['return await Promise.resolve([null, undefined, 1n < 2])', [null, null, true]],
    ['// a comment at the end', null],
    [
      'return [typeof process, typeof require, typeof module, typeof globalThis.nightsafeDoor]',
      Array(4).fill('undefined'),
    ],
    ['return { "é\\u0000": "\\ud800" }', { 'é\u0000': '\ud800' }],
    ['return new Date(0).getTimezoneOffset()', 0],
  ],
  'variables, which are frozen constants': [
    ['return [NUMBER, LIST]', [1, [{ a: 1 }]]],
    ['try { LIST[0].a = 2 } catch (error) { return [error.name, LIST] }', ['TypeError', [{ a: 1 }]]],
    ['try { NUMBER = 2 } catch (error) { return [error.name, NUMBER] }', ['TypeError', 1]],
    ['const NUMBER = 3; return NUMBER', 3],
  ],
  'URL and URLSearchParams': [
    ['return new URL("../x?q#f", "https://a.example/b/c/").href', 'https://a.example/b/x?q#f'],
    [
      'const u = new URL("https://u:p@EXAMPLE.com:8443/p?q=1"); u.port = 443; u.pathname = "/x y"; u.searchParams.append("r", "ä&"); return [u.href, u.origin, u.username, [...u.searchParams]]',
      [
        'https://u:p@example.com/x%20y?q=1&r=%C3%A4%26',
        'https://example.com',
        'u',
        [
          ['q', '1'],
          ['r', 'ä&'],
        ],
      ],
    ],
    [
      'const u = new URL("https://a.example/?a=1"); const p = u.searchParams; u.search = "?b=2"; return [p.get("a"), p.get("b")]',
      [null, '2'],
    ],
    [
      'return [URL.canParse("no"), URL.parse("no"), JSON.stringify(new URL("https://a.example"))]',
      [false, null, '"https://a.example/"'],
    ],
    ['try { new URL("no") } catch (error) { return [error.name, error.message] }', ['TypeError', 'Invalid URL']],
    [
      'const p = new URLSearchParams("b=2&a=1&a=3"); p.set("a", "x y"); p.sort(); return [String(p), p.size, p.has("a", "x y"), p.getAll("b"), [...p.keys()]]',
      ['a=x+y&b=2', 2, true, ['2'], ['a', 'b']],
    ],
    [
      'return [String(new URLSearchParams({ a: 1 })), String(new URLSearchParams([["a", "é"]])), String(new URLSearchParams("?a=%41"))]',
      ['a=1', 'a=%C3%A9', 'a=A'],
    ],
  ],
  Headers: [
    [
      'const h = new Headers([["B", "1"], ["a", "2"]]); h.append("b", " 3 "); return [...h]',
      [
        ['a', '2'],
        ['b', '1, 3'],
      ],
    ],
    [
      'const h = new Headers(); h.append("set-cookie", "a"); h.append("Set-Cookie", "b"); return [h.get("set-cookie"), h.getSetCookie()]',
      ['a, b', ['a', 'b']],
    ],
    ['try { new Headers({ a: "x\\ny" }) } catch (error) { return error.name }', 'TypeError'],
    ['try { new Headers({ "a b": "x" }) } catch (error) { return error.name }', 'TypeError'],
  ],
  'text and bytes': [
    ['return [...new TextEncoder().encode("é\\ud800")]', [195, 169, 239, 191, 189]],
    ['return new TextDecoder().decode(new Uint8Array([239, 187, 191, 65, 255]))', 'A\ufffd'],
    [
      'try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])) } catch (error) { return error.name }',
      'TypeError',
    ],
    ['return [btoa("hi\\xff"), atob("aGn/")]', ['aGn/', 'hi\xff']],
    ['try { btoa("☃") } catch (error) { return error.name }', 'InvalidCharacterError'],
  ],
  'placeholders of keys': [
    [
      'return btoa("u:" + KEY)',
      `nightsafe_derived_${'A'.repeat(22)}_${Buffer.from(`u:${placeholder}`).toString('base64url')}.end`,
    ],
    ['return atob(btoa("u:" + KEY))', `u:${placeholder}`],
    ['try { btoa(btoa(KEY)) } catch (error) { return error.name }', 'NotSupportedError'],
    ['try { btoa("\\xff" + KEY) } catch (error) { return error.name }', 'InvalidCharacterError'],
    [
      'return [KEY.slice(0, 9), [...KEY].reverse().join("").slice(-9), encodeURIComponent(KEY)]',
      ['nightsafe', 'efasthgin', placeholder],
    ],
  ],
  structuredClone: [
    [
      'const a = { d: new Date(0), m: new Map([[1, { x: 1 }]]), b: new Uint8Array([1, 2]), e: new RangeError("q") }; a.self = a; const c = structuredClone(a); return [c !== a, c.self === c, c.d, c.m.get(1), [...c.b], c.e.name]',
      [true, true, '1970-01-01T00:00:00.000Z', { x: 1 }, [1, 2], 'RangeError'],
    ],
    [
      'try { structuredClone(() => {}) } catch (error) { return [error.name, error instanceof DOMException] }',
      ['DataCloneError', true],
    ],
  ],
  'timers and microtasks': [
    [
      'const order = []; queueMicrotask(() => order.push("micro")); order.push("now"); await new Promise((done) => { setTimeout(() => { order.push("b"); done() }, 20); setTimeout((x) => order.push(x), 5, "a") }); return order',
      ['now', 'micro', 'a', 'b'],
    ],
    [
      'let n = 0; await new Promise((done) => { const id = setInterval(() => { n += 1; if (n === 3) { clearInterval(id); done() } }, 1) }); return n',
      3,
    ],
    [
      'const id = setTimeout(() => { throw new Error() }, 1); clearTimeout(id); await new Promise((done) => setTimeout(done, 10)); return "quiet"',
      'quiet',
    ],
  ],
  'AbortController and AbortSignal': [
    [
      'const c = new AbortController(); let n = 0; c.signal.addEventListener("abort", () => n++); c.abort(); c.abort(); return [n, c.signal.aborted, c.signal.reason.name]',
      [1, true, 'AbortError'],
    ],
    [
      'const s = AbortSignal.timeout(1); await new Promise((done) => s.addEventListener("abort", done)); return [s.reason.name, AbortSignal.any([s]).aborted]',
      ['TimeoutError', true],
    ],
    ['try { AbortSignal.abort("why").throwIfAborted() } catch (error) { return error }', 'why'],
  ],
  crypto: [
    [
      'return [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc")))].slice(0, 4)',
      [0xba, 0x78, 0x16, 0xbf],
    ],
    ['return /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())', true],
    [
      'return [crypto.getRandomValues(new Uint32Array(8)).some(Boolean), Math.random() !== Math.random()]',
      [true, true],
    ],
    ['try { crypto.getRandomValues(new Uint8Array(65537)) } catch (error) { return error.name }', 'QuotaExceededError'],
    [
      'try { await crypto.subtle.digest("MD5", new Uint8Array()) } catch (error) { return error.name }',
      'NotSupportedError',
    ],
  ],
  'Request and Response': [
    [
      'const r = new Response("é", { status: 404, headers: { a: "b" } }); return [r.status, r.ok, [...new Uint8Array(await r.arrayBuffer())], r.bodyUsed]',
      [404, false, [195, 169], true],
    ],
    [
      'const r = Response.json({ a: 1 }); const c = r.clone(); return [await r.json(), await c.text(), c.headers.get("content-type")]',
      [{ a: 1 }, '{"a":1}', 'application/json'],
    ],
    [
      'const r = new Response("a"); await r.text(); try { await r.text() } catch (error) { return error.name }',
      'TypeError',
    ],
    [
      'const r = new Request("https://a.example", { method: "post", body: new URLSearchParams({ a: "b c" }) }); return [r.method, r.url, [...r.headers], await r.clone().text()]',
      ['POST', 'https://a.example/', [['content-type', 'application/x-www-form-urlencoded;charset=UTF-8']], 'a=b+c'],
    ],
  ],
};
