import { z } from 'zod';
import { Amount, Flag, Text, Texts, Whole, Word, params } from '../../../runner/task/params.ts';

/** The parameters of `user`. */
export const userSchema = params({
  name: Word.meta({ aliases: ['user'] }).describe('Name of the user.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the user shall be there.'),
  uid: Whole.optional().describe('Its number.'),
  non_unique: Flag.default(false).describe('Allow a number that another user has.'),
  group: Text.optional().describe('Primary group, name or number.'),
  groups: Texts.optional().describe('Further groups. An empty list takes the user out of all.'),
  append: Flag.default(false).describe('Leave the user in groups that are not in `groups`.'),
  comment: Text.optional().describe('Full name or the like.'),
  home: Text.optional().describe('Home folder.'),
  create_home: Flag.default(true).meta({ aliases: ['createhome'] }).describe('Make the home folder when it is missing.'),
  move_home: Flag.default(false).describe('Move the home folder when `home` changes.'),
  skeleton: Text.optional().describe('Folder whose content a new home folder gets.'),
  shell: Text.optional().describe('Login shell.'),
  system: Flag.default(false).describe('Take the number of a new user from the range for system users.'),
  password: Text.optional().describe("The password's hash as in /etc/shadow, or `*` or `!` for none."),
  update_password: z.enum(['always', 'on_create']).default('always').describe("Whether an existing user's password is changed."),
  password_lock: Flag.optional().describe('Lock the password, or unlock it.'),
  password_expire_max: Whole.optional().describe('Days a password may be used.'),
  password_expire_min: Whole.optional().describe('Days until a password may be changed again.'),
  expires: Amount.optional().describe('When the account expires, in seconds since 1970; negative: never.'),
  remove: Flag.default(false).describe('With `state: absent`, remove the home folder, too.'),
  force: Flag.default(false).describe('With `state: absent`, remove the user although it is logged in.'),
  local: Flag.default(false).describe('Taken for compatibility: local files are what is changed anyway.'),
  generate_ssh_key: Flag.default(false).describe('Make a key pair when there is none.'),
  ssh_key_file: Text.optional().describe('Its file, relative to the home folder; `.ssh/id_TYPE` without it.'),
  ssh_key_type: Text.default('rsa').describe('rsa, ecdsa or ed25519.'),
  ssh_key_bits: Whole.optional().describe('Its length.'),
  ssh_key_comment: Text.optional().describe('Its comment.'),
  umask: Text.optional().describe('Umask for a new home folder, octal.'),
  seuser: Text.optional().describe("SELinux user of a new user's logins."),
  login_class: Text.optional().describe('Taken for compatibility: there is none on Linux.'),
  hidden: Flag.optional().describe('Taken for compatibility: of macOS.'),
  profile: Text.optional().describe('Taken for compatibility: of Solaris.'),
  authorization: Text.optional().describe('Taken for compatibility: of Solaris.'),
  role: Text.optional().describe('Taken for compatibility: of Solaris.'),
});

/** The parameters of `user`, as validated. */
export type UserParams = z.output<typeof userSchema>;
