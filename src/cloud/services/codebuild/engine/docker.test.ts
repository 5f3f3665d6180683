import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const CLIENT = fileURLToPath(new URL('./build-tools/docker.mjs', import.meta.url))
let folder: string

/** An engine that says what it is told, and the digest where it is asked for one. */
const ENGINE = `#!/bin/sh
echo "$@"
while [ $# -gt 0 ]; do [ "$1" = --digestfile ] && echo sha256:abc > "$2"; shift; done
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-docker-'))
  writeFileSync(join(folder, 'engine'), ENGINE, { mode: 0o755 })
  writeFileSync(
    join(folder, 'docker'),
    '#!/bin/sh\n[ "$1" = version ] && echo "$ANSWERS" || echo docker "$@"\n',
    {
      mode: 0o755,
    },
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

function docker(words: string, more: object = {}, env: Record<string, string> = {}) {
  const configuration = join(folder, 'configuration.json')
  const common = {
    runtime: ['--runtime', 'runc'],
    limits: ['--ulimit', 'nofile=9:9'],
    driver: 'vfs',
    privileged: true,
  }
  const storage = { root: '/s', runroot: '/r' }
  writeFileSync(configuration, JSON.stringify({ ...common, storage, why: 'nothing is here', ...more }))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLIENT, configuration, 'docker', ...words.split(' ')],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    },
  )
  return {
    status,
    said: stdout.replaceAll('--storage-driver vfs --root /s --runroot /r ', '').trim(),
    stderr,
  }
}

const podman = () => ({ podman: join(folder, 'engine') })
const buildah = () => ({ buildah: join(folder, 'engine') })
const BUILD = '--isolation chroot --format docker --layers=false'

describe('docker, with Podman', () => {
  it.each([
    ['build -t app .', `--runtime runc build ${BUILD} -t app .`],
    [
      'buildx build --load --progress=plain --platform linux/amd64 -t app .',
      `--runtime runc build ${BUILD} --platform linux/amd64 -t app .`,
    ],
    ['run --rm app', '--runtime runc run --ulimit nofile=9:9 --rm app'],
    ['image ls', '--runtime runc images'],
    ['tag one two', '--runtime runc tag one two'],
    ['pull 127.0.0.1:1/app', '--runtime runc pull --tls-verify=false 127.0.0.1:1/app'],
  ])('%s', (words, said) => {
    expect(docker(words, podman())).toMatchObject({ status: 0, said })
  })

  it('push says the digest as Docker does', () => {
    expect(docker('push host/app:v1', podman()).said).toMatch(/\nv1: digest: sha256:abc$/)
  })

  it('buildx build --push pushes what it tags', () => {
    const { said } = docker('buildx build --push -t host/app:v1 .', podman())
    expect(said).toContain(`build ${BUILD} -t host/app:v1 .`)
    expect(said).toMatch(/push --digestfile \S+ host\/app:v1\nv1: digest: sha256:abc$/)
  })
})

it('an engine that answers is taken first', () => {
  const both = { ...podman(), docker: join(folder, 'docker') }
  expect(docker('build .', both, { ANSWERS: '28' }).said).toBe('docker build .')
  expect(docker('tag a b', both, { ANSWERS: '' }).said).toBe('--runtime runc tag a b')
})

it('Buildah builds, and what it has not is refused by name', () => {
  expect(docker('build .', buildah()).said).toBe(`bud ${BUILD} .`)
  const refused = 'is not supported by the engine of this build: Buildah'
  expect(docker('run app', buildah())).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`docker run ${refused}`),
  })
  expect(docker('compose up', buildah()).stderr).toContain(`docker compose ${refused}`)
  expect(docker('build --cache-to type=inline .', podman()).stderr).toContain(
    'docker build --cache-to is not supported',
  )
})

it('has no daemon without a privileged environment, or an engine', () => {
  const told =
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
  expect(docker('build .', { ...podman(), privileged: false }).stderr).toContain(
    `${told}\nThe project's environment`,
  )
  expect(docker('build .').stderr).toContain(
    `${told}\nThis machine has no engine for images: nothing is here`,
  )
})
