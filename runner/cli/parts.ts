/** What the built bundle holds. Every part is evaluated when it is asked for, and then once for all who ask. */
export const parts = {
  program: () => import('./program.ts'),
  index: () => import('../index.ts'),
  testing: () => import('../testing/index.ts'),
};

/** The parts of the bundle. */
export type Parts = typeof parts;
