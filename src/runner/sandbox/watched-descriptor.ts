/** The pipe whose end tells a child that its parent is gone, or wants it to be. */
export const watchedDescriptor = 3;
