/** What events tell of commits. */
import { runGit } from '../../../machine/run-git.ts'

/** Gives the message of a commit, without the line's end. */
export async function messageOf(folder: string, commit: string): Promise<string> {
  const printed = await runGit(folder, 'log', '-1', '--format=%B', '--end-of-options', commit, '--')
  return printed.toString().trim()
}

/** A commit that a forced push has left behind may be gone: then nothing is known to have changed. */
export async function filesBetween(folder: string, ...range: string[]): Promise<string[]> {
  const words = ['diff', '--name-only', '-z', '--end-of-options', ...range, '--']
  const names = await runGit(folder, ...words).catch(() => '')
  return names.toString().split('\0').filter(Boolean)
}
