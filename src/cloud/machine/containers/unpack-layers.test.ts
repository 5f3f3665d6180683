import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findWithin, unpackLayers } from './unpack-layers.ts'

let folder: string
let root: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-unpack-'))
  root = join(folder, 'root')
  mkdirSync(join(folder, 'outside'))
  writeFileSync(join(folder, 'outside', 'file'), 'untouched')
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Entry {
  readonly name: string
  readonly type?: string
  readonly content?: string
  readonly leadsTo?: string
  readonly mode?: number
  /** Headers of the pax kind before it. */
  readonly pax?: Readonly<Record<string, string>>
}

/** A tar archive, whatever its entries are called. */
function tar(...entries: readonly Entry[]): Buffer {
  const block = ({ name, type = '0', content = '', leadsTo = '', mode = 0o644 }: Entry) => {
    const header = Buffer.alloc(512)
    header.write(name, 0, 100)
    header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100)
    const ids = process.getuid?.() ?? 0
    for (const at of [108, 116]) header.write(`${ids.toString(8).padStart(7, '0')}\0`, at)
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124)
    header.write('        ', 148)
    header.write(type, 156)
    header.write(leadsTo, 157, 100)
    header.write('ustar\0', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    const body = Buffer.from(content)
    return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
  }
  const paxLine = ([key, value]: readonly [string, string]) => {
    const rest = ` ${key}=${value}\n`
    let length = rest.length + 1
    while (String(length).length + rest.length !== length) length++
    return `${length}${rest}`
  }
  const blocks = entries.flatMap((one) => [
    ...(one.pax
      ? [block({ name: 'pax', type: 'x', content: Object.entries(one.pax).map(paxLine).join('') })]
      : []),
    block(one),
  ])
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

let count = 0
function layer(bytes: Buffer, mediaType = 'application/vnd.oci.image.layer.v1.tar') {
  const path = join(folder, `layer-${++count}`)
  writeFileSync(path, bytes)
  return { path, mediaType }
}

const unpack = (...layers: readonly Buffer[]) =>
  unpackLayers(
    layers.map((one) => layer(one)),
    root,
  )
const outside = () => readFileSync(join(folder, 'outside', 'file'), 'utf8')

describe('layers', () => {
  it('lie over each other: files, folders, links, modes, and what is gone', async () => {
    await unpack(
      tar(
        { name: 'etc/', type: '5', mode: 0o750 },
        { name: 'etc/one', content: 'first' },
        { name: 'etc/two', content: 'second' },
        { name: 'bin/tool', content: '#!', mode: 0o755 },
        { name: 'bin/same', type: '1', leadsTo: 'bin/tool' },
        { name: 'bin/link', type: '2', leadsTo: '/etc/one' },
        { name: 'old/deep/file', content: 'x' },
        { name: 'short', content: 'long', pax: { path: `deep/${'a'.repeat(120)}` } },
      ),
      tar(
        { name: 'etc/.wh.two' },
        { name: 'etc/one', content: 'changed' },
        { name: 'old/.wh..wh..opq' },
        { name: 'old/new', content: 'y' },
      ),
    )
    expect(readFileSync(join(root, 'etc/one'), 'utf8')).toBe('changed')
    expect(existsSync(join(root, 'etc/two'))).toBe(false)
    expect(readdirSync(join(root, 'old'))).toEqual(['new'])
    expect(statSync(join(root, 'etc')).mode & 0o777).toBe(0o750)
    expect(statSync(join(root, 'bin/same')).mode & 0o777).toBe(0o755)
    expect(readlinkSync(join(root, 'bin/link'))).toBe('/etc/one')
    expect(readFileSync(join(root, 'deep', 'a'.repeat(120)), 'utf8')).toBe('long')
  })

  it('are unzipped', async () => {
    const zipped = layer(
      gzipSync(tar({ name: 'a', content: 'b' })),
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
    )
    await unpackLayers([{ ...zipped, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }], root)
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('b')
  })

  it.each(['../outside/file', 'a/../../outside/file', '/../outside/file'])(
    'are refused with the name %s',
    async (name) => {
      await expect(unpack(tar({ name, content: 'bad' }))).rejects.toThrow(
        /layer 1 of the image: it holds the unsafe name/,
      )
      expect(outside()).toBe('untouched')
    },
  )

  it('write nothing through links that lead out', async () => {
    const out = join(folder, 'outside')
    await unpack(
      tar(
        { name: 'absolute', type: '2', leadsTo: out },
        { name: 'up', type: '2', leadsTo: '../outside' },
        { name: 'file', type: '2', leadsTo: join(out, 'file') },
      ),
      tar(
        { name: 'absolute/file', content: 'bad' },
        { name: 'up/file', content: 'bad' },
        { name: 'file', content: 'own' },
      ),
      tar({ name: 'absolute/.wh.file' }, { name: 'up/.wh..wh..opq' }),
    )
    expect(outside()).toBe('untouched')
    expect(lstatSync(join(root, 'file')).isFile()).toBe(true)
  })

  it('take no file of the machine by a hard link', async () => {
    const leadsTo = `up/file`
    await expect(
      unpack(tar({ name: 'up', type: '2', leadsTo: '../outside' }, { name: 'mine', type: '1', leadsTo })),
    ).rejects.toThrow(/ENOENT/)
    await expect(unpack(tar({ name: 'mine', type: '1', leadsTo: '../outside/file' }))).rejects.toThrow(
      /unsafe name/,
    )
  })

  it('leave devices out, and say so', async () => {
    const left = await unpack(
      tar({ name: 'dev/sda', type: '4' }, { name: 'dev/fifo', type: '6' }, { name: 'a', content: 'b' }),
    )
    expect(left).toEqual(['dev/sda', 'dev/fifo'])
    expect(readdirSync(join(root, 'dev'))).toEqual([])
  })

  it('are refused when links lead in a circle, or they end early, or are none', async () => {
    const circle = tar(
      { name: 'a', type: '2', leadsTo: 'b' },
      { name: 'b', type: '2', leadsTo: 'a' },
      { name: 'a/x', content: 'x' },
    )
    await expect(unpack(circle)).rejects.toThrow(/in a circle/)
    await expect(unpack(tar({ name: 'a', content: 'x'.repeat(600) }).subarray(0, 700))).rejects.toThrow(
      /ends within an entry/,
    )
    await expect(unpack(Buffer.from('x'.repeat(2000)))).rejects.toThrow(/no tar archive/)
    await expect(
      unpackLayers([layer(Buffer.from('x'), 'application/vnd.oci.image.layer.v1.tar+zstd')], root),
    ).rejects.toThrow(/zstd/)
  })
})

it('finds a file as a process of the image would', async () => {
  await unpack(tar({ name: 'run/passwd', content: 'x' }, { name: 'etc', type: '2', leadsTo: '../../../run' }))
  expect(await findWithin(root, '/etc/passwd')).toBe(join(root, 'run/passwd'))
  expect(await findWithin(root, '/etc/group')).toBeUndefined()
})
