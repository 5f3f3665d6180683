/** Runs git apart from the terminal: Ctrl-C there reaches the cloud, which ends in order, and not what it has started. */
import { spawn } from 'node:child_process'

/** Bytes that git may print. AWS: a git source artifact has at most 1 GB. */
const LIMIT = 1024 ** 3

interface GitOptions {
  /** What git reads. */
  readonly input?: string | Uint8Array
  /** Variables beside the cloud's own. */
  readonly env?: Readonly<Record<string, string>>
  /** Exit statuses that are answers, beside 0: that of `merge-base` for no, that of `merge-tree` for conflicts. */
  readonly answers?: readonly number[]
}

/** Gives what git prints in a folder. Errors: git is not installed, failed (with its own words) or printed too much. */
export const runGit = (folder: string, ...words: string[]): Promise<Buffer> =>
  askGit(folder, words).then(({ printed }) => printed)

/** As `runGit`, of a git that reads something. */
export const feedGit = (folder: string, input: string | Uint8Array, ...words: string[]): Promise<Buffer> =>
  askGit(folder, words, { input }).then(({ printed }) => printed)

/** Gives what git prints, and how it ended. Errors: as `runGit`, but for the statuses that are answers. */
export function askGit(
  folder: string,
  words: readonly string[],
  { input, env, answers = [] }: GitOptions = {},
): Promise<{ printed: Buffer; status: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', words, {
      cwd: folder,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: env ? { ...process.env, ...env } : process.env,
      detached: true,
    })
    const [stdout, stderr] = [child.stdout!, child.stderr!]
    const printed: Buffer[] = []
    const complaints: Buffer[] = []
    let bytes = 0
    stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > LIMIT) child.kill()
      else printed.push(chunk)
    })
    stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
    child.on('error', reject)
    // A git that has ended reads no more; its status says why.
    child.stdin?.on('error', () => undefined).end(input)
    child.on('close', (status) => {
      if (status === 0 || (status !== null && answers.includes(status)))
        return resolve({ printed: Buffer.concat(printed), status })
      const why = bytes > LIMIT ? `more than ${LIMIT} bytes` : Buffer.concat(complaints).toString().trim()
      reject(new Error(`git ${words[0]}: ${why}`))
    })
  })
}
