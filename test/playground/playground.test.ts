import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildSchema, type DocumentNode, getVariableValues, Kind, parse, validate } from 'graphql';
import { examples } from '../../web/playground/examples.js';
import { isBearerToken } from '../../web/playground/graphql-request.js';
import { LayoutStorage } from '../../web/playground/layout-storage.js';
import { describeSession, sessionFrom } from '../../web/playground/session.js';

const committedSchema = 'schema.graphql';

describe('the playground', () => {
  describe('as built', () => {
    let folder: string;
    const build = (): string => execFileSync(process.execPath, ['web/build.js', folder], { encoding: 'utf8' });
    const built = (path: string): string => readFileSync(join(folder, path), 'utf8');
    const files = (): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
        statSync(join(folder, path)).isFile(),
      );
    const scripts = (): string[] => files().filter((path) => path.endsWith('.js'));

    before(function () {
      this.timeout(60_000);
      folder = mkdtempSync(join(tmpdir(), 'playground-'));
      expect(build()).to.match(/^playground: .+\n$/);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('consists of the page, its style sheet, its icon, the workers and the scripts', () => {
      expect(
        files()
          .filter((path) => !path.startsWith('chunks'))
          .sort(),
      ).to.deep.equal([
        'editor.worker.js',
        'graphql.worker.js',
        'icon.svg',
        'index.html',
        'json.worker.js',
        'playground.css',
        'playground.js',
      ]);
    });

    it('is not built again while it is newer than its sources', () => {
      const times = () => files().map((path) => [path, statSync(join(folder, path)).mtimeMs]);
      const before = times();
      expect(build()).to.equal('');
      expect(times()).to.deep.equal(before);
    });

    it('has a page that loads files of its own folder alone, all of which exist', () => {
      const references = [...built('index.html').matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, path]) => path ?? '');
      expect(references.sort()).to.deep.equal([
        '/playground/icon.svg',
        '/playground/playground.css',
        '/playground/playground.js',
      ]);
      expect(references.filter((path) => !existsSync(join(folder, path.replace('/playground/', ''))))).to.deep.equal(
        [],
      );
    });

    it('has a page without inline script, inline style, event attribute or address of another origin', () => {
      const page = built('index.html');
      expect([...page.matchAll(/<script\b[^>]*>([^<]*)<\/script>/g)].map(([, text]) => text)).to.deep.equal(['']);
      expect(page).not.to.match(/<style\b|\sstyle=|\son\w+=|javascript:|\/\/\w/i);
    });

    it('has a style sheet that loads nothing: fonts and images are inside it', () => {
      const css = built('playground.css');
      const urls = [...css.matchAll(/url\(\s*["']?([^"')]{0,40})/g)].map(([, url]) => url ?? '');
      expect(urls).not.to.deep.equal([]);
      expect(urls.filter((url) => !url.startsWith('data:'))).to.deep.equal([]);
      expect(css).not.to.match(/@import/);
    });

    it('has scripts that import files of its own folder alone, all of which exist', () => {
      const imports = scripts().flatMap((script) =>
        [...built(script).matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"([^"\s]*\.js)"/g)].map(([, path]) =>
          join(script, '..', path ?? ''),
        ),
      );
      expect(imports).not.to.deep.equal([]);
      expect(imports.filter((path) => !existsSync(join(folder, path)))).to.deep.equal([]);
    });

    it('starts the workers from its own folder, where each exists and imports nothing', () => {
      const workers = [...built('playground.js').matchAll(/"\/playground\/(\w+\.worker\.js)"/g)].map(
        ([, path]) => path,
      );
      expect(workers.sort()).to.deep.equal(['editor.worker.js', 'graphql.worker.js', 'json.worker.js']);
      expect(workers.filter((path) => /^import\b|\bimportScripts\("/m.test(built(path ?? '')))).to.deep.equal([]);
    });
  });

  describe('storage', () => {
    const layout = {
      'graphiql:theme': 'dark',
      'graphiql:visiblePlugin': 'Documentation Explorer',
      'graphiql:docExplorerFlex': '0.5',
      'graphiql:editorFlex': '1',
      'graphiql:secondaryEditorFlex': 'hide-second',
    };
    const typed = [
      'graphiql:tabState',
      'graphiql:query',
      'graphiql:variables',
      'graphiql:headers',
      'graphiql:queries',
      'graphiql:favorites',
      'graphiql:shouldPersistHeaders',
      'graphiql:a key of a later version',
    ];
    const canary = '{"value":"canary-not-a-real-secret"}';

    let disk: Map<string, string>;
    let storage: LayoutStorage;
    beforeEach(() => {
      disk = new Map();
      storage = new LayoutStorage({
        getItem: (key) => disk.get(key) ?? null,
        setItem: (key, value) => disk.set(key, value),
        removeItem: (key) => disk.delete(key),
      });
    });

    it('keeps theme and layout, and nothing that was typed', () => {
      for (const key of typed) storage.setItem(key, canary);
      for (const [key, value] of Object.entries(layout)) storage.setItem(key, value);

      expect(Object.fromEntries(disk)).to.deep.equal(
        Object.fromEntries(Object.entries(layout).map(([key, value]) => [`nightsafe:${key}`, value])),
      );
      expect(Object.keys(layout).map((key) => storage.getItem(key))).to.deep.equal(Object.values(layout));
      expect(typed.map((key) => storage.getItem(key))).to.deep.equal(typed.map(() => null));
      expect(storage.length).to.equal(Object.keys(layout).length);
    });

    it('neither reads nor removes what others keep on the same origin', () => {
      const others = { 'graphiql:theme': 'light', 'graphiql:variables': '{}', 'nightsafe:token': 'fake' };
      disk = new Map(Object.entries(others));
      storage.setItem('graphiql:theme', 'dark');
      storage.removeItem('graphiql:variables');
      storage.clear();
      expect(storage.getItem('graphiql:theme')).to.equal(null);
      expect(Object.fromEntries(disk)).to.deep.equal(others);
    });
  });

  describe('session', () => {
    const organization = { name: 'Acme' };

    it('says who is signed in, with the role of a person', () => {
      const viewer = { name: 'Bob', role: 'MEMBER', organization };
      const session = sessionFrom({ data: { viewer } });
      expect(session).to.deep.equal({ status: 'signedIn', viewer });
      expect(describeSession(session)).to.equal('Signed in as Bob (MEMBER) · Acme');
    });

    it('calls a viewer without a role a service account', () => {
      const session = sessionFrom({ data: { viewer: { name: 'deploy-bot', role: null, organization } } });
      expect(describeSession(session)).to.equal('Signed in as deploy-bot (service account) · Acme');
    });

    it('is refused, with a sentence, for a token that the server does not accept', () => {
      const error = { message: 'any text', extensions: { code: 'UNAUTHENTICATED' } };
      expect(sessionFrom({ errors: [error] })).to.deep.equal({
        status: 'refused',
        reason: 'The server does not accept this token. It may have expired or been revoked.',
      });
    });

    it('is refused with the message of any other error, and also without one', () => {
      expect([sessionFrom({ data: null, errors: [{ message: 'Slow down.' }] }), sessionFrom({})]).to.deep.equal([
        { status: 'refused', reason: 'Slow down.' },
        { status: 'refused', reason: 'The server did not say who you are.' },
      ]);
    });

    it('takes for a token what a bearer header can carry, and no more', () => {
      const texts = ['fake.token-1_~+/==', '', 'Bearer fake', '"fake"', 'fa\nke', 'fäke', 'fa=ke'];
      expect(texts.filter(isBearerToken)).to.deep.equal(['fake.token-1_~+/==']);
    });
  });

  describe('examples', () => {
    it('are one named operation each, in a fixed order', () => {
      expect(examples.map(({ query }) => operationOf(parse(query)).name?.value)).to.deep.equal([
        'WhoAmI',
        'ListKeys',
        'CreateKey',
        'ReplaceValue',
        'ShareWithGroup',
        'WhoCould',
        'AuditLog',
      ]);
    });

    it('are valid, with their variables, in the committed schema', () => {
      const schema = buildSchema(readFileSync(committedSchema, 'utf8'));
      const problems = examples.flatMap(({ query, variables }) => {
        const document = parse(query);
        const defined = operationOf(document).variableDefinitions ?? [];
        const { errors = [] } = getVariableValues(schema, defined, JSON.parse(variables ?? '{}'));
        return [...validate(schema, document), ...errors].map(({ message }) => message);
      });
      expect(problems).to.deep.equal([]);
    });
  });
});

function operationOf(document: DocumentNode) {
  expect(document.definitions).to.have.length(1);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('an example is not an operation');
  return operation;
}
