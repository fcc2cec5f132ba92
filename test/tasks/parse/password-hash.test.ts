import { isHashOf, ldapSha1, md5Crypt, saltFor } from '../../../tasks/parse/password-hash.ts';

/** Password, salt, and what `openssl passwd` makes of them. */
const MADE: readonly (readonly [string, string, string])[] = [
  ['a', 'abcdefgh', '$1$abcdefgh$jUYc1Xi7pkozuzWQ0Dft71'],
  ['a', 'abcdefgh', '$apr1$abcdefgh$G8IsPsylW5ROvIKsQMRG61'],
  ['a', 'x', '$1$x$P8VObTrxaqT4VBmnH06P8.'],
  ['a', 'x', '$apr1$x$16j9.5e7KiXmuYFAYpPJM/'],
  ['a', './9Z', '$1$./9Z$sk0U8332Pa6BFFDtXgkRY/'],
  ['a', './9Z', '$apr1$./9Z$Ru.A7EaerY27K2QKPBYB0.'],
  ['secret', 'abcdefgh', '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'],
  ['secret', 'abcdefgh', '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/'],
  ['secret', 'x', '$1$x$0AXOYAuOs.uNCmG2qRI8W.'],
  ['secret', 'x', '$apr1$x$12YdXEY0/hH4rDNkmZupO0'],
  ['secret', './9Z', '$1$./9Z$yCPc4ViaTfowjzy0tO7Q20'],
  ['secret', './9Z', '$apr1$./9Z$.uh6iUcuZKPLL8uSOpN.z/'],
  ['fifteen chars..', 'abcdefgh', '$1$abcdefgh$rWyYDUiIsIaHvsM/DZ/bi.'],
  ['fifteen chars..', 'abcdefgh', '$apr1$abcdefgh$uyHsGecsOcgE0nYZjRLwf/'],
  ['fifteen chars..', 'x', '$1$x$obJ.6TTis6F5BKlT458IQ1'],
  ['fifteen chars..', 'x', '$apr1$x$luO9t1Xbd81VVnKq1OqjY1'],
  ['fifteen chars..', './9Z', '$1$./9Z$8MtAkzGLbk2RIql0CkQkD.'],
  ['fifteen chars..', './9Z', '$apr1$./9Z$/BNH/l8MxbSK.oh2mp538/'],
  ['exactly sixteen!', 'abcdefgh', '$1$abcdefgh$dhqfi3r/B9Rg27bPakTM30'],
  ['exactly sixteen!', 'abcdefgh', '$apr1$abcdefgh$yoB60mLKTaPsG3lHXMI/0.'],
  ['exactly sixteen!', 'x', '$1$x$QzyMWOVjYLl8qIxuX1tUO0'],
  ['exactly sixteen!', 'x', '$apr1$x$G51y9QfD9iBzQVCF2a65m.'],
  ['exactly sixteen!', './9Z', '$1$./9Z$Fdzl7XNphH.UQyfWIM6gt.'],
  ['exactly sixteen!', './9Z', '$apr1$./9Z$GDWF46XK6iNoh2ts7DtHU.'],
  ['a much longer password with ümläut and more', 'abcdefgh', '$1$abcdefgh$Qqn6mS9zv414fbZraQFmA0'],
  ['a much longer password with ümläut and more', 'abcdefgh', '$apr1$abcdefgh$LXOu4sotiluUcykPUpmRj/'],
  ['a much longer password with ümläut and more', 'x', '$1$x$Znr9SqInUaj4ubK2nNsKZ.'],
  ['a much longer password with ümläut and more', 'x', '$apr1$x$IJx5lACZ31JveIAz27igZ.'],
  ['a much longer password with ümläut and more', './9Z', '$1$./9Z$1S16ewKSUxnE6nkVLOLrN0'],
  ['a much longer password with ümläut and more', './9Z', '$apr1$./9Z$npHWVoUw6SKDWX55o/yhs1'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'abcdefgh', '$1$abcdefgh$qbqmpT5c4yFc3.1Qef15o.'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'abcdefgh', '$apr1$abcdefgh$7h4098paklNpzdB9KwCdh/'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'x', '$1$x$SL7GUaWyFbltYbUQEURML0'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'x', '$apr1$x$QPe8DPfO9ktiPz8LRGNqg0'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', './9Z', '$1$./9Z$DoVWjw/RlOrh1GVu06qUI1'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', './9Z', '$apr1$./9Z$QL8ZLqC9oQ5Rkg90b39xF0'],
];

test.each(MADE)('%s with %s', (password, salt, hash) => {
  expect(md5Crypt(password, salt, hash.startsWith('$1$') ? '$1$' : '$apr1$')).toBe(hash);
  expect(isHashOf(hash, password)).toBe(true);
  expect(isHashOf(hash, `${password}.`)).toBe(false);
});

test('the other kinds', () => {
  expect(ldapSha1('secret')).toBe('{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=');
  expect(isHashOf('{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'secret')).toBe(true);
  expect(isHashOf('secret', 'secret')).toBe(true);
  expect(isHashOf('$2y$05$abcdefghijklmnopqrstuu', 'secret')).toBeUndefined();
  expect(isHashOf('rqXexS6ZhobKA', 'secret')).toBeUndefined();
});

test('a salt is eight letters, the same for the same user and another for another', () => {
  expect(saltFor('h', '/f', 'a')).toMatch(/^[./0-9A-Za-z]{8}$/);
  expect(saltFor('h', '/f', 'a')).toBe(saltFor('h', '/f', 'a'));
  expect(saltFor('h', '/f', 'a')).not.toBe(saltFor('h', '/f', 'b'));
});
