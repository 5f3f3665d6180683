/** Layers at the registry's door: asking for them, and uploading them. */
import { AwsError } from '../../../../model/index.ts'
import { PART_SIZE } from '../operations/layer-uploads.ts'
import { uploads } from '../state.ts'
import type { RegistryAnswer, RegistryCall } from './registry-call.ts'
import { failed } from './registry-error.ts'

/** AWS: ecr:BatchCheckLayerAvailability. */
export async function headBlob(call: RegistryCall): Promise<RegistryAnswer> {
  const layerDigests = [call.reference]
  const { layers = [], failures = [] } = await call.call('BatchCheckLayerAvailability', { layerDigests })
  if (failures.length) throw failed(failures[0])
  const [layer] = layers
  if (layer?.layerAvailability !== 'AVAILABLE')
    throw new AwsError('LayersNotFoundException', `There is no layer with the digest ${call.reference}`)
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(layer.layerSize),
      'docker-content-digest': call.reference,
    },
  }
}

/** AWS: ecr:GetDownloadUrlForLayer; the client is led to where the layer is. */
export async function getBlob(call: RegistryCall): Promise<RegistryAnswer> {
  const { downloadUrl = '' } = await call.call('GetDownloadUrlForLayer', { layerDigest: call.reference })
  return { status: 307, headers: { location: downloadUrl } }
}

/**
 * AWS: ecr:InitiateLayerUpload. With a digest the layer comes with this very request. Layers of other repositories are
 * not mounted; the client is asked to upload them, as AWS does unless an account wants otherwise.
 */
export async function startUpload(call: RegistryCall): Promise<RegistryAnswer> {
  const { uploadId = '' } = await call.call('InitiateLayerUpload', {})
  const begun = { ...call, reference: uploadId }
  if (call.query.has('digest')) return finishUpload(begun)
  return { status: 202, headers: progress(begun, 0) }
}

/** AWS: ecr:UploadLayerPart for every part. */
export async function continueUpload(call: RegistryCall): Promise<RegistryAnswer> {
  const received = await passOn(call)
  return { status: 202, headers: progress(call, received) }
}

/** AWS: ecr:CompleteLayerUpload. A layer that is there already is no error here. */
export async function finishUpload(call: RegistryCall): Promise<RegistryAnswer> {
  await passOn(call)
  const digest = call.query.get('digest') ?? ''
  await call
    .call('CompleteLayerUpload', { uploadId: call.reference, layerDigests: [digest] })
    .catch((error: AwsError) => {
      if (error.code !== 'LayerAlreadyExistsException') throw error
    })
  return {
    status: 201,
    headers: { location: `${call.path}/blobs/${digest}`, 'docker-content-digest': digest },
  }
}

const progress = ({ path, reference }: RegistryCall, received: number): Record<string, string> => ({
  location: `${path}/blobs/uploads/${reference}`,
  'docker-upload-uuid': reference,
  range: `0-${Math.max(received - 1, 0)}`,
})

/** Passes the request's body on in parts; gives how many bytes of the upload have come by then. */
async function passOn(call: RegistryCall): Promise<number> {
  const { request, ctx, named, reference } = call
  const upload = ctx.table(uploads, named.registryId).get(reference)
  const claimed = /^(?:bytes )?(\d+)-/.exec(String(request.headers['content-range'] ?? ''))?.[1]
  let position = claimed === undefined ? (upload?.received ?? 0) : Number(claimed)
  let chunks: Buffer[] = []
  let size = 0
  const send = async () => {
    const layerPartBlob = Buffer.concat(chunks)
    chunks = []
    size = 0
    await call.call('UploadLayerPart', {
      uploadId: reference,
      partFirstByte: position,
      partLastByte: position + layerPartBlob.length - 1,
      layerPartBlob,
    })
    position += layerPartBlob.length
  }
  // A denial is answered while the client still sends: its connection must not be cut.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size >= PART_SIZE) await send()
  }
  if (size > 0) await send()
  return position
}
