/** Monaco's language services run in workers: separate files of the same origin, as the content security policy asks. */
const languageWorkers: Readonly<Record<string, string>> = {
  graphql: '/playground/graphql.worker.js',
  json: '/playground/json.worker.js',
};

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_moduleId: string, label: string): Worker =>
      new Worker(languageWorkers[label] ?? '/playground/editor.worker.js', { name: label }),
  },
});
