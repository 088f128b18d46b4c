import { expect } from 'chai';
import { filesWith, importGraph, importsPackage, reachable, sourceFiles } from './source.js';

const opensValues = (path: string): boolean => path === 'src/vault/open.ts' || path.startsWith('src/runner/');

describe('the import graph', () => {
  for (const entry of ['src/api.ts', 'src/cli/api.ts']) {
    it(`of ${entry}, dynamic imports included, reaches nothing that opens a value`, async () => {
      const reached = reachable(await importGraph(), entry);
      expect([...reached].filter(opensValues)).to.deep.equal([]);
      expect(reached).to.include('src/vault/seal.ts').and.include('src/graphql/http-server.ts');
    });
  }

  it('of the command line loads nothing that opens a value before a command is chosen', async () => {
    const reached = reachable(await importGraph(), 'src/main.ts', { withDynamic: false });
    expect([...reached].filter(opensValues)).to.deep.equal([]);
  });

  it('of the runner reaches what opens a value, so that the rules above look for the right thing', async () => {
    expect(reachable(await importGraph(), 'src/cli/runner.ts'))
      .to.include('src/vault/open.ts')
      .and.include('src/runner/runner.ts');
  });

  it('leads to what opens a value through the runner alone', async () => {
    const graph = await importGraph();
    const importers = [...graph].filter(([, imports]) => imports.some(({ path }) => path === 'src/vault/open.ts'));
    expect(importers.map(([path]) => path).filter((path) => !path.startsWith('src/runner/'))).to.deep.equal([]);
    expect(importers).not.to.deep.equal([]);
    expect(filesWith(/from '.*\/vault\/open\.js'/).filter((path) => !path.startsWith('src/runner/'))).to.deep.equal([]);
  });

  it('is complete: no module is loaded by a name that is put together when the program runs', () => {
    expect(filesWith(/\bimport\((?!')|\bcreateRequire\b/)).to.deep.equal([]);
  });
});

describe('a package is known to one folder alone:', () => {
  const foldersThatImport = (name: string): string[] => [
    ...new Set(filesWith(importsPackage(name)).map((path) => path.split('/').slice(0, 2).join('/'))),
  ];

  it('@casl/ability to authz', () => {
    expect(foldersThatImport('@casl/ability')).to.deep.equal(['src/authz']);
  });

  it('tweetnacl to the vault', () => {
    expect(foldersThatImport('tweetnacl')).to.deep.equal(['src/vault']);
  });
});

describe('the source code', () => {
  it('is read by these tests', () => {
    expect(sourceFiles.length).to.be.greaterThan(100);
  });

  it('never lets TypeORM change tables by itself', () => {
    expect(filesWith(/\bsynchronize\b|\bdropSchema\b/)).to.deep.equal([]);
  });

  it('writes nothing past the log', () => {
    expect(filesWith(/(?<![`/])\bconsole\./)).to.deep.equal([]);
  });
});
