/**
 * node push-image.mjs IMAGE:TAG FILE...: pushes an image of these files without a container engine.
 *
 * For machines that have none, so that a pipeline can be tried on them. The image is whole, with one layer and no base:
 * registries take it and tasks can pull it, but without a base there is no `node` in it that could run the files.
 */
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { basename } from 'node:path'

const [image = '', ...files] = process.argv.slice(2)
const [, host = '', name = '', tag = 'latest'] = /^([^/]+)\/(.+?)(?::([\w.-]+))?$/.exec(image) ?? []
const { AWS_REGION: region, AWS_ENDPOINT_URL: endpoint = `https://api.ecr.${region}.amazonaws.com` } =
  process.env

const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

/** Sends a request; gives status, headers and body. */
const send = (method, address, headers = {}, body = '') =>
  new Promise((resolve, reject) => {
    const url = new URL(address)
    const sent = (url.protocol === 'http:' ? plain : secure)(url, { method, headers }, async (answer) => {
      const parts = []
      for await (const part of answer) parts.push(part)
      resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() })
    })
    sent.on('error', reject).end(body)
  })

/** Asks ECR, as the build's role, for a password and the registry's address. */
async function signIn() {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env
  const time = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`
  const scope = `${time.slice(0, 8)}/${region}/ecr/aws4_request`
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(endpoint).host,
    'x-amz-date': time,
    ...(token && { 'x-amz-security-token': token }),
    'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
  }
  const signed = Object.keys(headers).sort()
  const lines = signed.map((header) => `${header}:${headers[header]}\n`).join('')
  const asked = ['POST', '/', '', lines, signed.join(';'), sha256('{}')].join('\n')
  const key = scope.split('/').reduce((before, part) => hmac(before, part), `AWS4${secret}`)
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(asked)].join('\n')).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
  const { status, body } = await send('POST', endpoint, { ...headers, authorization }, '{}')
  if (status !== 200) throw new Error(body)
  return JSON.parse(body).authorizationData[0]
}

/** A tar archive: for each file a block that describes it, and its content in blocks of 512 bytes. */
function archive() {
  const blocks = files.flatMap((file) => {
    const content = readFileSync(file)
    const head = Buffer.alloc(512)
    const octal = (value, at, length) => head.write(value.toString(8).padStart(length - 1, '0'), at)
    head.write(basename(file), 0)
    octal(0o644, 100, 8)
    octal(content.length, 124, 12)
    head.write('        0', 148)
    head.write('ustar\u000000', 257)
    octal(
      head.reduce((sum, byte) => sum + byte, 0),
      148,
      7,
    )
    return [head, content, Buffer.alloc(-content.length & 511)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

const { authorizationToken, proxyEndpoint } = await signIn()
const headers = { host, authorization: `Basic ${authorizationToken}` }

/** Asks the registry. Errors: any other status than is wanted. */
async function ask(wanted, method, path, more = {}, body = '') {
  const length = { 'content-length': Buffer.byteLength(body) }
  const address = new URL(path, proxyEndpoint)
  const answer = await send(method, address, { ...headers, ...length, ...more }, body)
  if (!wanted.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  return answer
}

/** Uploads what the registry has not yet; gives how the manifest names it. */
async function upload(mediaType, blob) {
  const digest = `sha256:${sha256(blob)}`
  const known = await ask([200, 404], 'HEAD', `/v2/${name}/blobs/${digest}`)
  if (known.status === 404) {
    const begun = await ask([202], 'POST', `/v2/${name}/blobs/uploads/`)
    const place = new URL(begun.headers.location, proxyEndpoint)
    place.searchParams.set('digest', digest)
    const octets = { 'content-type': 'application/octet-stream' }
    await ask([201], 'PUT', place.pathname + place.search, octets, blob)
  }
  return { mediaType, digest, size: blob.length }
}

const OCI = 'application/vnd.oci.image'
const layer = archive()
const config = {
  architecture: 'amd64',
  os: 'linux',
  config: { WorkingDir: '/', Cmd: ['node', basename(files[0])] },
  rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
}
const manifest = {
  schemaVersion: 2,
  mediaType: `${OCI}.manifest.v1+json`,
  config: await upload(`${OCI}.config.v1+json`, Buffer.from(JSON.stringify(config))),
  layers: [await upload(`${OCI}.layer.v1.tar`, layer)],
}
const type = { 'content-type': manifest.mediaType }
await ask([201], 'PUT', `/v2/${name}/manifests/${tag}`, type, JSON.stringify(manifest))
console.log(`pushed ${image} without a container engine: ${files.length} files, and no base image`)
