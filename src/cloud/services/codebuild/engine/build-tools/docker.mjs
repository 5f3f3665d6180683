/**
 * `docker` and `podman` as builds find them: `node docker.mjs <configuration> <words…>`. What the words ask for is done by
 * what this machine has: a Docker engine that answers, Podman, or Buildah; what that cannot do is refused by its name.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [, , file, called, ...words] = process.argv
/** `{ docker, podman, buildah: programs, runtime, limits, driver, storage, privileged, why }`. */
const config = JSON.parse(readFileSync(file, 'utf8'))

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

/** AWS: a build has no Docker daemon unless its project's environment is privileged. */
const NO_DAEMON =
  'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'

/** What of Docker's command line Buildah has, by another name or the same. */
const BUILDAH = {
  build: 'bud',
  images: 'images',
  inspect: 'inspect',
  login: 'login',
  logout: 'logout',
  pull: 'pull',
  push: 'push',
  rmi: 'rmi',
  tag: 'tag',
  version: 'version',
}

/** What neither has, whatever its words are. */
const NEITHER = [
  'compose',
  'swarm',
  'service',
  'stack',
  'node',
  'config',
  'scout',
  'context',
  'plugin',
  'model',
]

function answers(docker) {
  const { status, stdout } = spawnSync(docker, ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
    timeout: 5000,
  })
  return status === 0 && stdout.trim() !== ''
}

const childEnvironment = { ...process.env }

/** Runs a program in the place of this one. */
function become(program, given, after = () => undefined) {
  const child = spawn(program, given, { stdio: 'inherit', env: childEnvironment })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(error.message, 125))
  child.on('exit', (code) => {
    after(code)
    process.exit(code ?? 137)
  })
}

/** `buildx build`, `image ls`, `container run` and `builder build` as what they were before Docker grouped them. */
function ungrouped([first, second, ...rest]) {
  if (first === 'buildx' || first === 'builder') {
    if (second === 'build' || second === 'b') return ['build', ...rest]
    if (first === 'buildx' && ['create', 'use', 'inspect', 'ls', 'rm', 'install'].includes(second))
      return ['nothing']
    fail(`docker ${first} ${second ?? ''} is not supported by the engine of this build: ${engineName}`)
  }
  if (first === 'image') {
    const old = {
      ls: 'images',
      list: 'images',
      rm: 'rmi',
      build: 'build',
      push: 'push',
      pull: 'pull',
      tag: 'tag',
    }
    if (old[second]) return [old[second], ...rest]
  }
  return [first, second, ...rest].filter((one) => one !== undefined)
}

/** Of `buildx build`: Docker's builders push where they are told to; here that is a step of its own. */
function splitBuild(given) {
  const left = []
  const tags = []
  let pushes = false
  for (let at = 0; at < given.length; at++) {
    const word = given[at]
    if (word === '--push') pushes = true
    else if (word === '--load' || /^--(progress|provenance|sbom|attest|builder)=/.test(word)) continue
    else if (['--progress', '--provenance', '--sbom', '--attest', '--builder'].includes(word)) at++
    else if (/^--(cache-to|cache-from|output|metadata-file)(=|$)/.test(word) || word === '-o')
      fail(`docker build ${word} is not supported by the engine of this build: ${engineName}`)
    else {
      if (word === '-t' || word === '--tag') tags.push(given[at + 1])
      const [, tag] = /^(?:--tag=|-t(?=.))(.+)$/.exec(word) ?? []
      if (tag) tags.push(tag)
      left.push(word)
    }
  }
  return { left, tags, pushes }
}

let engineName = 'none'

function main() {
  if (called === 'docker' && words[0] === '--version')
    return process.stdout.write('Docker version 28.0.0, build crossdock\n')
  if (!config.privileged)
    fail(
      `${NO_DAEMON}\nThe project's environment is not privileged: builds that call ${called} take privilegedMode, on AWS as here.`,
    )
  if (config.docker && answers(config.docker)) return become(config.docker, words)
  const program = config.podman ?? config.buildah
  if (!program) fail(`${NO_DAEMON}\nThis machine has no engine for images: ${config.why}`)
  engineName = config.podman ? 'Podman' : 'Buildah'
  const [command, ...rest] = ungrouped(words)
  if (command === 'nothing') return undefined
  if (command === undefined) return become(program, ['--help'])
  if (NEITHER.includes(command))
    fail(`docker ${command} is not supported by the engine of this build: ${engineName}`)
  const globals = [
    '--storage-driver',
    config.driver,
    '--root',
    config.storage.root,
    '--runroot',
    config.storage.runroot,
  ]
  if (config.podman && config.runtime.length) globals.push(...config.runtime)
  const name = config.podman ? command : BUILDAH[command]
  if (!name)
    fail(
      `docker ${command} is not supported by the engine of this build: ${engineName} builds, tags, pushes and pulls`,
    )
  if (command === 'build') return build(program, globals, name, rest)
  // Docker takes plain HTTP on loopback by itself.
  if (
    ['login', 'push', 'pull'].includes(command) &&
    rest.some((word) => /^(127\.0\.0\.1|localhost):/.test(word))
  )
    rest.unshift('--tls-verify=false')
  if (command === 'push') return push(program, globals, rest)
  const runs = config.podman && (command === 'run' || command === 'create')
  return become(program, [...globals, name, ...(runs ? config.limits : []), ...rest])
}

function build(program, globals, name, rest) {
  const { left, tags, pushes } = splitBuild(rest)
  const own = ['--isolation', 'chroot', '--format', 'docker', '--layers=false']
  become(program, [...globals, name, ...own, ...left], (code) => {
    if (code !== 0 || !pushes) return
    for (const tag of tags) if (pushed(program, globals, [tag]) !== 0) process.exit(1)
  })
}

/** Pushes, and says the digest as Docker does; scripts look for it. */
function pushed(program, globals, rest) {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-push-'))
  const digestFile = join(folder, 'digest')
  try {
    const given = rest.filter((word) => word !== '-q' && word !== '--quiet')
    const { status } = spawnSync(program, [...globals, 'push', '--digestfile', digestFile, ...given], {
      stdio: ['inherit', 'inherit', 'inherit'],
      env: childEnvironment,
    })
    if (status === 0) {
      const name = given.findLast((word) => !word.startsWith('-')) ?? ''
      const [, tag = 'latest'] = /:([^:/]+)$/.exec(name) ?? []
      process.stdout.write(`${tag}: digest: ${readFileSync(digestFile, 'utf8').trim()}\n`)
    }
    return status ?? 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const push = (program, globals, rest) => process.exit(pushed(program, globals, rest))

main()
