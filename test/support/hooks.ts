/** Loaded by mocha before all tests. */
import { closeSharedApi } from './api.js';

export const mochaHooks = { afterAll: closeSharedApi };
