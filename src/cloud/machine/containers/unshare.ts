/** Runs containers with what every Linux has: namespaces of their own and a changed root. It is no sandbox. */
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Processes, Started } from '../processes.ts'
import { ContainerFailure } from './container-failure.ts'
import type { Engine, Exit, RunningContainer, RunRequest } from './engine.ts'
import { environmentOf, wordsOf } from './image-store.ts'
import { podProblem } from './pod.ts'
import { findPrograms } from './programs.ts'
import { exitOf, follow } from './run-process.ts'
import { findWithin } from './unpack-layers.ts'

const PROGRAMS = ['setpriv', 'nsenter', 'unshare', 'mount', 'mkdir', 'touch', 'ln', 'cp'] as const

/**
 * Makes the container's root, in a mount namespace of its own, and becomes its process. Where no overlay can be mounted
 * the image is copied. Names of programs are whole: the environment is the container's.
 */
const SETUP = `set -e
image=$1; folder=$2; work=$3; uid=$4; gid=$5; mount=$6; mkdir=$7; touch=$8; ln=$9; shift 9; cp=$1; unshare=$2; shift 2
root=$folder/root
"$mount" --make-rprivate /
"$mount" -t overlay overlay -o "lowerdir=$image,upperdir=$folder/upper,workdir=$folder/work" "$root" 2>/dev/null || {
  "$cp" -a "$image/." "$root/"; "$mount" --bind "$root" "$root"; }
"$mkdir" -p "$root/proc" "$root/dev" "$root/sys" "$root/etc" "$root/tmp" "$root$work"
"$mount" -t proc proc "$root/proc"
"$mount" -t tmpfs -o mode=755 tmpfs "$root/dev"
for one in null zero full random urandom tty; do "$touch" "$root/dev/$one"; "$mount" --bind "/dev/$one" "$root/dev/$one"; done
"$mkdir" -m 1777 "$root/dev/shm"
"$ln" -s /proc/self/fd "$root/dev/fd"; "$ln" -s /proc/self/fd/0 "$root/dev/stdin"
"$ln" -s /proc/self/fd/1 "$root/dev/stdout"; "$ln" -s /proc/self/fd/2 "$root/dev/stderr"
exec "$unshare" "--root=$root" "--wd=$work" --setgroups=allow "--setgid=$gid" "--setuid=$uid" -- "$@"
`

/** Variables by which this machine's own programs would load a container's code before its root is changed. */
const LOADER = /^(?:LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|GCONV_PATH|GLIBC_TUNABLES|BASH_ENV|BASH_FUNC_.*)$/

/** Gives why this engine is not usable here; undefined where it is. */
export function unshareProblem(): string | undefined {
  const problem = podProblem()
  if (problem) return problem
  const programs = findPrograms(...PROGRAMS)
  if ('missing' in programs) return `it takes the programs ${programs.missing}, which are not here`
  if (process.getuid?.() !== 0) return 'it takes root, and the cloud is not run by it'
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${capabilities}`) >> 21n) & 1n
    ? undefined
    : 'it takes the capability SYS_ADMIN, which this root lacks'
}

export class Unshare implements Engine {
  readonly name = 'unshare'
  readonly leaves = [
    'limits neither memory nor processors',
    'is no sandbox: its processes are root of this machine',
  ]
  private readonly processes: Processes
  private readonly folder: string

  constructor(processes: Processes, folder: string) {
    this.processes = processes
    this.folder = folder
  }

  async run(request: RunRequest): Promise<RunningContainer> {
    const programs = findPrograms(...PROGRAMS)
    if ('missing' in programs) throw new ContainerFailure(`${programs.missing} is not here`)
    const { setpriv, nsenter, unshare, mount, mkdir: makes, touch, ln, cp } = programs.found
    const image = await request.image.root()
    const words = wordsOf(request.image, request)
    const work = request.workingFolder || request.image.config.WorkingDir || '/'
    const { uid, gid } = await userOf(image, request.user || request.image.config.User || '')
    const environment = environmentOf(request.image, request.environment)
    const refused = Object.keys(environment).find((name) => LOADER.test(name))
    if (refused) throw new ContainerFailure(`the variable ${refused} cannot be set by the engine unshare`)
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const folder = await mkdtemp(join(this.folder, 'container-'))
    for (const part of ['root', 'upper', 'work']) await mkdir(join(folder, part))
    const set = [image, folder, work, uid, gid, mount, makes, touch, ln, cp, unshare].map(String)
    const own = ['--mount', '--pid', '--fork', '--ipc', '--uts', '--kill-child=KILL', '--']
    const started = this.processes.start(
      setpriv,
      [
        '--pdeathsig',
        'KILL',
        '--',
        nsenter,
        `--net=${request.pod.path}`,
        '--',
        unshare,
        ...own,
        '/bin/sh',
        '-c',
        SETUP,
        'sh',
        ...set,
        ...words,
      ],
      { env: { HOME: uid === 0 ? '/root' : '/', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const exited = follow(started, request.output).finally(() =>
      rm(folder, { recursive: true, force: true, maxRetries: 5 }),
    )
    return new Isolated(this.processes, started, exited, { nsenter, environment, uid, gid })
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

interface Inside {
  readonly nsenter: string
  readonly environment: Readonly<Record<string, string>>
  readonly uid: number
  readonly gid: number
}

class Isolated implements RunningContainer {
  readonly exited: Promise<Exit>
  private readonly processes: Processes
  private readonly started: Started
  private readonly inside: Inside

  constructor(processes: Processes, started: Started, exited: Promise<Exit>, inside: Inside) {
    this.processes = processes
    this.started = started
    this.exited = exited
    this.inside = inside
  }

  /** The container's first process as this machine numbers it; undefined once it is gone. */
  private async first(): Promise<number | undefined> {
    const { pid } = this.started.child
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    return Number(text.trim().split(' ')[0]) || undefined
  }

  async stop(seconds: number): Promise<void> {
    const first = await this.first()
    if (first)
      try {
        process.kill(first, 'SIGTERM')
      } catch {
        // It has ended by itself.
      }
    const timer = setTimeout(() => void this.started.end(), seconds * 1000)
    await this.exited
    clearTimeout(timer)
    await this.started.end()
  }

  async exec(words: readonly string[]): Promise<number> {
    const first = await this.first()
    if (!first) return 137
    const { nsenter, environment, uid, gid } = this.inside
    const into = [`--target=${first}`, '--mount', '--pid', '--net', '--ipc', '--uts', '--root', '--wd']
    const started = this.processes.start(
      nsenter,
      [...into, `--setgid=${gid}`, `--setuid=${uid}`, '--', ...words],
      { env: environment, stdio: 'ignore' },
    )
    const code = await exitOf(started)
    await started.end()
    return code
  }
}

/** Gives the numbers of a user whom the image knows. Errors: ContainerFailure. */
async function userOf(root: string, given: string): Promise<{ uid: number; gid: number }> {
  const [user = '', group] = given.split(':')
  const read = async (file: string) => {
    const found = await findWithin(root, file)
    return found ? (await readFile(found, 'utf8')).split('\n').map((line) => line.split(':')) : []
  }
  const users = await read('/etc/passwd')
  const found = users.find(([name, , uid]) => name === user || uid === user)
  const uid = /^\d+$/.test(user) ? Number(user) : user === '' ? 0 : Number(found?.[2])
  const groups = group && !/^\d+$/.test(group) ? await read('/etc/group') : []
  const gid = group
    ? Number(/^\d+$/.test(group) ? group : groups.find(([name]) => name === group)?.[2])
    : Number(found?.[3] ?? 0)
  if (Number.isNaN(uid))
    throw new ContainerFailure(`unable to find user ${user}: no matching entries in passwd file`)
  if (Number.isNaN(gid))
    throw new ContainerFailure(`unable to find group ${group}: no matching entries in group file`)
  return { uid, gid }
}
