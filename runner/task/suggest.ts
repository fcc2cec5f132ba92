/** "Did you mean X?", for modules: they may import nothing of runner/ but runner/task and runner/util. */
export { didYouMean, nearest } from '../source/suggest.ts';
