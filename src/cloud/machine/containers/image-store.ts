/** The images that containers of a cloud are made of: in OCI's layout, and unpacked where an engine wants that. */
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ContainerFailure } from './container-failure.ts'
import { unpackLayers } from './unpack-layers.ts'

/** Where an image's manifest and blobs come from. */
export interface ImageSource {
  /** `sha256:…` of the manifest. */
  readonly digest: string
  readonly manifest: string
  readonly mediaType: string
  /** Errors: whatever keeps the bytes from coming. */
  blob(digest: string): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>
}

/** What an image says of the containers that are made of it. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[] | null
  readonly Cmd?: readonly string[] | null
  readonly Env?: readonly string[] | null
  readonly WorkingDir?: string
  readonly User?: string
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null
  readonly StopSignal?: string
}

export interface StoredImage {
  readonly digest: string
  /** In OCI's layout, of this image alone, whose name in it is `image`. */
  readonly folder: string
  readonly config: ImageConfig
  /** Gives the folder that it is unpacked into, which nobody writes to. Errors: ContainerFailure. */
  root(): Promise<string>
}

interface Descriptor {
  readonly digest: string
  readonly mediaType?: string
}

const REF = 'org.opencontainers.image.ref.name'

/** The processor's name in manifests. */
const PROCESSOR = process.arch === 'x64' ? 'amd64' : process.arch

export class ImageStore {
  private readonly folder: string
  private readonly known = new Map<string, Promise<StoredImage>>()

  /** The folder is made when the first image comes. */
  constructor(folder: string) {
    this.folder = folder
  }

  /** Gives an image, fetched once. Errors: ContainerFailure, and those of the source. */
  get(source: ImageSource): Promise<StoredImage> {
    const { digest } = source
    const known = this.known.get(digest)
    if (known) return known
    const fetched = this.fetch(source)
    this.known.set(digest, fetched)
    // What failed may go well another time.
    fetched.catch(() => this.known.delete(digest))
    return fetched
  }

  private async fetch(source: ImageSource): Promise<StoredImage> {
    const folder = join(this.folder, source.digest.replace(':', '-'))
    const { config, layers } = readManifest(source.manifest)
    if (!existsSync(folder)) await this.write(folder, source, [config, ...layers])
    const path = (digest: string) => join(folder, 'blobs', 'sha256', digest.slice(7))
    const stored = readConfig(await readFile(path(config.digest), 'utf8'))
    let unpacked: Promise<string> | undefined
    const root = async () => {
      const home = join(this.folder, `${source.digest.replace(':', '-')}.root`)
      if (existsSync(home)) return home
      const half = await mkdtemp(join(this.folder, 'unpacking-'))
      await unpackLayers(
        layers.map((layer) => ({ path: path(layer.digest), mediaType: layer.mediaType })),
        join(half, 'root'),
      )
      await rename(join(half, 'root'), home)
      await rm(half, { recursive: true })
      return home
    }
    return {
      digest: source.digest,
      folder,
      config: stored,
      root: () => {
        unpacked ??= root()
        return unpacked
      },
    }
  }

  /** Writes it aside first: a kill must not leave half an image. */
  private async write(folder: string, source: ImageSource, blobs: readonly Descriptor[]): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const half = await mkdtemp(join(this.folder, 'fetching-'))
    const home = join(half, 'blobs', 'sha256')
    await mkdir(home, { recursive: true })
    for (const { digest } of blobs) await writeBlob(home, digest, await source.blob(digest))
    await writeFile(join(home, source.digest.slice(7)), source.manifest)
    const { digest, mediaType, manifest } = source
    const annotations = { [REF]: 'image' }
    const manifests = [{ mediaType, digest, size: Buffer.byteLength(manifest), annotations }]
    await writeFile(join(half, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
    await writeFile(join(half, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    await rename(half, folder)
  }
}

function readManifest(text: string): { config: Descriptor; layers: readonly Descriptor[] } {
  const { config, layers = [] } = JSON.parse(text) as { config?: Descriptor; layers?: readonly Descriptor[] }
  const wrong = [config, ...layers].some((one) => !/^sha256:[0-9a-f]{64}$/.test(one?.digest ?? ''))
  if (!config || wrong) throw new ContainerFailure('the manifest names no configuration and layers')
  return { config, layers }
}

/** Errors: ContainerFailure for an image of another system or processor. */
function readConfig(text: string): ImageConfig {
  let read: { config?: ImageConfig; os?: string; architecture?: string }
  try {
    read = JSON.parse(text)
  } catch {
    throw new ContainerFailure('the configuration of the image is no JSON')
  }
  const { os = 'linux', architecture = PROCESSOR, config } = read
  if (os !== 'linux' || architecture !== PROCESSOR)
    throw new ContainerFailure(
      `the image is made for ${os}/${architecture}, and this machine runs linux/${PROCESSOR}`,
    )
  return config ?? {}
}

/** Errors: ContainerFailure where the bytes are not those that the digest says. */
async function writeBlob(home: string, digest: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256')
  const hashed = async function* () {
    for await (const chunk of bytes) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(Readable.from(hashed()), createWriteStream(join(home, digest.slice(7)), { mode: 0o600 }))
  const found = `sha256:${hash.digest('hex')}`
  if (found !== digest)
    throw new ContainerFailure(`a blob of the image has the digest ${found}, not ${digest}`)
}

/**
 * Gives the words that a container runs. A given entry point leaves the image's command out, as Docker does.
 * Errors: ContainerFailure where there are none.
 */
export function wordsOf(
  { config }: Pick<StoredImage, 'config'>,
  given: { readonly entryPoint?: readonly string[]; readonly command?: readonly string[] },
): string[] {
  const command = given.command?.length ? given.command : given.entryPoint?.length ? [] : (config.Cmd ?? [])
  const words = [...(given.entryPoint?.length ? given.entryPoint : (config.Entrypoint ?? [])), ...command]
  if (!words.length) throw new ContainerFailure('no command is given, and the image has none')
  return words
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Gives the environment of a container: the image's, and what is given on top. */
export function environmentOf(
  { config }: Pick<StoredImage, 'config'>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = (config.Env ?? []).map((line): [string, string] => {
    const at = line.indexOf('=')
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
  })
  return { PATH, ...Object.fromEntries(own), ...given }
}
