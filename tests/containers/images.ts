/** Images for tests of containers, made of this machine's own programs: no registry is asked. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  DescribeRepositoriesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr'
import { podProblem } from '../../src/cloud/machine/containers/pod.ts'
import { digestOf } from '../conformance/ecr/images.ts'

export const BUSYBOX = '/bin/busybox'

/** Why no container can be tested here; undefined where one can. */
export function containersMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root'
  if (!existsSync(BUSYBOX) || spawnSync('ldd', [BUSYBOX]).status === 0)
    return 'busybox-static is not installed'
  return podProblem()
}

/** Why no build can make images here; undefined where one can. */
export function builderMissing(): string | undefined {
  const programs = ['aws', 'podman', 'buildah'].filter((one) => spawnSync(one, ['--version']).error)
  return programs.length ? `${programs.join(', ')} not installed` : containersMissing()
}

/** What a title says beside its test's name where that is skipped. */
export const skippedFor = (missing: string | undefined): string =>
  missing === undefined ? '' : ` (skipped: ${missing})`

export interface ImageConfig {
  readonly Cmd?: readonly string[]
  readonly Entrypoint?: readonly string[]
  readonly Env?: readonly string[]
  readonly User?: string
  readonly WorkingDir?: string
}

const OCI = 'application/vnd.oci.image'
const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch

/** Gives a layer of a folder that is filled by `fill`. */
export function layerOf(fill: (folder: string) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-layer-'))
  try {
    fill(folder)
    return execFileSync('tar', ['--owner=0', '--group=0', '-cf', '-', '-C', folder, '.'], {
      maxBuffer: 1024 ** 3,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const put = (folder: string, path: string, content: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

let busybox: Buffer | undefined

/** A shell and the programs that go with it, in `/bin`. */
export function busyboxLayer(): Buffer {
  busybox ??= layerOf((folder) => {
    mkdirSync(join(folder, 'bin'))
    mkdirSync(join(folder, 'tmp'), { mode: 0o1777 })
    cpSync(BUSYBOX, join(folder, 'bin/busybox'))
    for (const name of [
      'sh',
      'awk',
      'cat',
      'cut',
      'date',
      'echo',
      'env',
      'httpd',
      'id',
      'mkdir',
      'nc',
      'od',
      'pwd',
      'sed',
      'sha256sum',
      'sleep',
      'test',
      'touch',
      'tr',
      'wget',
    ])
      symlinkSync('busybox', join(folder, 'bin', name))
    put(folder, 'etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n')
  })
  return busybox
}

export const filesLayer = (files: Readonly<Record<string, string>>): Buffer =>
  layerOf((folder) => {
    for (const [path, content] of Object.entries(files)) put(folder, path, content)
  })

/** Uploads a blob as image clients do: in one piece, which the API takes in many. */
async function uploadBlob(ecr: Pick<ECRClient, 'send'>, repositoryName: string, blob: Buffer): Promise<void> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  const { repositories } = await ecr.send(
    new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
  )
  const [host, ...path] = repositories![0]!.repositoryUri!.split('/')
  const headers = { authorization: `Basic ${authorizationData![0]!.authorizationToken}` }
  const uploads = `http://${host}/v2/${path.join('/')}/blobs/uploads/`
  const query = `?digest=${digestOf(blob)}`
  const begun = await fetch(uploads, { method: 'POST', headers })
  const place = new URL(begun.headers.get('location')!, uploads)
  const type = { 'content-type': 'application/octet-stream' }
  const { status } = await fetch(`${place}${query}`, {
    method: 'PUT',
    headers: { ...headers, ...type },
    body: blob,
  })
  if (status !== 201) throw new Error(`the registry answers ${status} to a blob of ${blob.length} bytes`)
}

/** Pushes an image of layers; gives its digest. */
export async function pushLayers(
  ecr: Pick<ECRClient, 'send'>,
  repositoryName: string,
  imageTag: string,
  layers: readonly Buffer[],
  config: ImageConfig,
): Promise<string> {
  const told = Buffer.from(
    JSON.stringify({
      architecture: ARCHITECTURE,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    }),
  )
  const described = (mediaType: string, blob: Buffer) => ({
    mediaType,
    digest: digestOf(blob),
    size: blob.length,
  })
  await Promise.all([told, ...layers].map((blob) => uploadBlob(ecr, repositoryName, blob)))
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: described(`${OCI}.config.v1+json`, told),
    layers: layers.map((one) => described(`${OCI}.layer.v1.tar`, one)),
  })
  await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }))
  return digestOf(imageManifest)
}
