/** Sentences of S3 that name neither bucket nor key, with what the failed action asked for. */
import type { ActionExecutionDetail } from '@aws-sdk/client-codepipeline'
import { findProvider, namedThings } from '../pipeline/index.ts'

/** AWS: NoSuchKey, NoSuchBucket and NoSuchVersion, as S3 words them whoever asked. */
const NAMELESS = /The specified (?:key|bucket|version) does not exist/

type Input = NonNullable<ActionExecutionDetail['input']>

/** Gives an action's message with the objects that it works with, where S3 leaves open which is missing. */
export function withObject(message: string, input: Input | undefined): string {
  if (!NAMELESS.test(message) || !input) return message
  const objects = objectsOf(input).filter((one) => !message.includes(one))
  return objects.length ? `${message} (${objects.map((one) => `s3://${one}`).join(' or ')})` : message
}

function objectsOf(input: Input): string[] {
  const { actionTypeId, inputArtifacts = [] } = input
  const configuration = { ...input.configuration, ...input.resolvedConfiguration }
  const { category = '', provider = '' } = actionTypeId ?? {}
  const type = { category, provider }
  const { bucket } = namedThings(type, configuration)
  const watched = findProvider(type)?.starts?.watches.map((key) => configuration[key] ?? '') ?? []
  const own = watched.length ? watched.join('/') : bucket
  const artifacts = inputArtifacts.flatMap(({ s3location: at }) => (at ? [`${at.bucket}/${at.key}`] : []))
  return [...(bucket && own ? [own] : []), ...artifacts]
}
