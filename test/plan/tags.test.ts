import { tagsSelect } from '../../runner/plan/tags.ts';

const ALL = { only: ['all'], skip: [] };

// Each row was checked against ansible-playbook 2.14 with a play of tasks tagged so.
test.each([
  [[], ALL, true],
  [['a'], ALL, true],
  [['never'], ALL, false],
  [['always'], ALL, true],
  [['never', 'a'], { only: ['a'], skip: [] }, true],
  [['never', 'a'], { only: ['b'], skip: [] }, false],
  [['never'], { only: ['never'], skip: [] }, true],
  [['a'], { only: ['b'], skip: [] }, false],
  [[], { only: ['b'], skip: [] }, false],
  [['always'], { only: ['b'], skip: [] }, true],
  [['always'], { only: ['b'], skip: ['always'] }, false],
  [['a'], { only: ['tagged'], skip: [] }, true],
  [[], { only: ['tagged'], skip: [] }, false],
  [['a'], { only: ['untagged'], skip: [] }, false],
  [[], { only: ['untagged'], skip: [] }, true],
  [['a'], { only: ['all'], skip: ['a'] }, false],
  [['a'], { only: ['all'], skip: ['tagged'] }, false],
  [[], { only: ['all'], skip: ['untagged'] }, false],
  [['a', 'always'], { only: ['all'], skip: ['all'] }, true],
  [['a'], { only: ['all'], skip: ['all'] }, false],
] as const)('%j with %j: %s', (tags, selection, runs) => {
  expect(tagsSelect(tags, selection)).toBe(runs);
});
