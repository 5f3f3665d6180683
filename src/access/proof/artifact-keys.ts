/** Which key each input artifact of an action really is encrypted with. */
import { formatArn, parseArn } from '../../model/index.ts'
import { artifactPrefix, namedThings, storeIn, workerOf } from '../../pipeline/index.ts'
import { findKey } from '../landscape/find-key.ts'
import type { ActionInLandscape } from './action-in-landscape.ts'
import type { Remedy } from './proof.ts'

export interface ArtifactKey {
  /** Undefined for S3's own key of the account. */
  readonly arn: string | undefined
  /** The account and region of whoever wrote it. */
  readonly account: string
  readonly region: string
  /** `the build project x`, for explanations. */
  readonly writtenBy: string
  /** What would give it a key that other accounts can use. */
  readonly remedy: Remedy
}

/** Gives the keys by object pattern, `arn:aws:s3:::bucket/pipeline/artifact/*`. */
export function artifactPatterns(around: ActionInLandscape): ReadonlyMap<string, ArtifactKey> {
  const { pipeline, action } = around
  const { declaration, region: home } = pipeline
  const here = action.region ?? home
  const patterns = new Map<string, ArtifactKey>()
  for (const { name } of action.inputArtifacts ?? []) {
    const producer = producerOf(around, name)
    const from = producer?.region ?? home
    for (const region of new Set([from, here])) {
      const store = storeIn(declaration, region, home)
      if (!store) continue
      const prefix = artifactPrefix(declaration.name, name)
      const pattern = formatArn('s3', '', '', `${store.location}/${prefix}/*`)
      patterns.set(pattern, region === from ? writtenKey(around, name, region) : storeKey(around, region))
    }
  }
  return patterns
}

const producerOf = ({ pipeline }: ActionInLandscape, artifact: string) =>
  pipeline.declaration.stages
    .flatMap((stage) => stage.actions)
    .find((action) => action.outputArtifacts?.some((one) => one.name === artifact))

function writtenKey(around: ActionInLandscape, artifact: string, region: string): ArtifactKey {
  const producer = producerOf(around, artifact)
  const name = producer && namedThings(producer.actionTypeId, producer.configuration).project
  if (!producer || workerOf(producer.actionTypeId) !== 'build' || !name) {
    const account = parseArn(producer?.roleArn ?? '')?.account
    return storeKey(around, region, account)
  }
  const account = parseArn(producer.roleArn ?? '')?.account ?? around.pipeline.account
  const arn = formatArn('codebuild', region, account, `project/${name}`)
  const project = around.landscape.projects.get(arn)
  if (!project) return storeKey(around, region)
  const key = findKey(project.encryptionKey, project, around.landscape)
  return {
    arn: key?.arn,
    account,
    region,
    writtenBy: `the build project ${name}`,
    remedy: {
      belongsIn: `build project ${name}`,
      origin: project.origin,
      advice: `Give the project ${name} the pipeline's key: set EncryptionKey to the ARN of the artifact store's key. CodeBuild encrypts with the project's own key, never with the pipeline's.`,
    },
  }
}

function storeKey(around: ActionInLandscape, region: string, writer?: string): ArtifactKey {
  const { pipeline, landscape } = around
  const { account, declaration, origin } = pipeline
  const store = storeIn(declaration, region, pipeline.region)
  const key = findKey(store?.encryptionKey?.id, { account, region }, landscape)
  return {
    arn: key?.arn,
    account: writer ?? account,
    region,
    writtenBy: `the artifact store in ${region}, which names no key,`,
    remedy: {
      belongsIn: `pipeline ${declaration.name}`,
      origin,
      advice: `Give the artifact store in ${region} a customer key (EncryptionKey), by its ARN.`,
    },
  }
}
