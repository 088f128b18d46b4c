import { type ApiError, conflict } from '../../errors.js';

export const nameTaken = (): ApiError => conflict('A custom role with this name exists in the organization.');
