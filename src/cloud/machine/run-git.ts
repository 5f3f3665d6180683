/** Runs git apart from the terminal: Ctrl-C there reaches the cloud, which ends in order, and not what it has started. */
import { spawn } from 'node:child_process'

/** Bytes that git may print. AWS: a git source artifact has at most 1 GB. */
const LIMIT = 1024 ** 3

/** Gives what git prints in a folder. Errors: git is not installed, failed (with its own words) or printed too much. */
export function runGit(folder: string, ...words: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const printed: Buffer[] = []
    const complaints: Buffer[] = []
    let bytes = 0
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > LIMIT) child.kill()
      else printed.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) return resolve(Buffer.concat(printed))
      const why = bytes > LIMIT ? `more than ${LIMIT} bytes` : Buffer.concat(complaints).toString().trim()
      reject(new Error(`git ${words[0]}: ${why}`))
    })
  })
}
