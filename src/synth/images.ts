/** The image repositories of the hub, and the accounts that may pull from them. */
import type { Fleet, FleetImage, FleetPipeline } from '../fleet/index.ts'
import {
  type OthersNeeds,
  rootArn,
  type TemplateOutput,
  type TemplateResource,
  type Val,
} from '../model/index.ts'
import { IMAGE_PULL, namedThings } from '../pipeline/index.ts'
import type { DeclaredPipeline } from './declare-pipeline.ts'
import { distinctId, type Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { compact, resource } from './resource.ts'

/** Other accounts than the hub that pull an image, by its name. */
export type ImagePullers = ReadonlyMap<string, ReadonlySet<string>>

/** Logical ID of an image's repository, and the name of the output and of the parameters with its address. */
export const imageId = (image: string): string => distinctId('Image', image)

/** Gives the repository of every image. It outlives the stack that made it: images are not made again. */
export const imageResources = (
  { images }: Pick<Fleet, 'images'>,
  names: Names,
  pullers: ImagePullers,
): Record<string, TemplateResource> =>
  Object.fromEntries(
    images.map((image) => [
      imageId(image.name),
      resource(
        'AWS::ECR::Repository',
        compact({
          RepositoryName: names.imageRepository(image.name),
          ImageScanningConfiguration: { ScanOnPush: image.scan },
          ImageTagMutability: image.immutable ? 'IMMUTABLE' : 'MUTABLE',
          LifecyclePolicy: lifecycle(image),
          RepositoryPolicyText: pullPolicy(pullers.get(image.name) ?? new Set()),
        }),
        { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
      ),
    ]),
  )

const lifecycle = ({ keep }: FleetImage) =>
  keep === undefined
    ? undefined
    : {
        LifecyclePolicyText: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: `keep the newest ${keep}`,
              selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keep },
              action: { type: 'expire' },
            },
          ],
        }),
      }

/** AWS: a repository's policy names no resource. Whom of an account it lets pull, that account's own policies say. */
const pullPolicy = (accounts: ReadonlySet<string>) =>
  accounts.size
    ? policy([
        {
          Sid: 'PullByAccountsThatDeploy',
          Effect: 'Allow',
          Principal: { AWS: [...accounts].sort().map(rootArn) },
          Action: [...IMAGE_PULL],
        },
      ])
    : undefined

/** Tells the addresses of the images. */
export const imageOutputs = ({ images }: Pick<Fleet, 'images'>): Record<string, TemplateOutput> =>
  Object.fromEntries(
    images.map(({ name }) => [
      imageId(name),
      {
        Description: `Address of the image ${name}`,
        Value: { 'Fn::GetAtt': [imageId(name), 'RepositoryUri'] },
      },
    ]),
  )

/** Gives the variables by which the commands of a build know the addresses of its images. */
export function imageVariables(
  images: readonly string[],
  addresses: ReadonlyMap<string, Val<string>> = new Map(),
) {
  const variable = (Name: string, image: string) => ({
    Name,
    Type: 'PLAINTEXT',
    Value: addresses.get(image)!,
  })
  const [only] = images
  return [
    ...images.map((one) => variable(`IMAGE_${one.toUpperCase().replace(/\W/g, '_')}`, one)),
    ...(only !== undefined && images.length === 1 ? [variable('REPOSITORY_URI', only)] : []),
  ]
}

interface Deploying {
  readonly pipeline: FleetPipeline
  readonly declared: DeclaredPipeline
}

/** Gives the accounts that pull each image: those that something is deployed to which a build of it, or it, brought. */
export function pullersOf(fleet: Fleet, names: Names, all: readonly Deploying[]): ImagePullers {
  const pullers = new Map<string, Set<string>>()
  for (const { pipeline, declared } of all)
    for (const { image, account } of pullsOf(fleet, names, pipeline, declared)) {
      const known = pullers.get(image) ?? new Set()
      pullers.set(image, known.add(account))
    }
  return pullers
}

interface Pull {
  readonly image: string
  readonly account: string
  readonly stage: string
}

/** The pulls of other accounts than the hub, which needs no policy of the repository. */
function pullsOf(
  { images, hub }: Fleet,
  names: Names,
  { builds, stages }: FleetPipeline,
  { sources }: DeclaredPipeline,
): Pull[] {
  const brought = new Map<string, string[]>()
  const add = (artifact: string, image: string) =>
    brought.set(artifact, [...(brought.get(artifact) ?? []), image])
  for (const { outputs, images: pushed } of builds)
    for (const output of outputs) for (const image of pushed) add(output, image)
  for (const { action } of sources) {
    const { imageRepository } = namedThings(action.actionTypeId, action.configuration)
    const image = images.find(({ name }) => names.imageRepository(name) === imageRepository)
    for (const { name } of image ? (action.outputArtifacts ?? []) : []) add(name, image!.name)
  }
  return stages.flatMap(({ name: stage, deploys, places }) =>
    deploys.flatMap(({ input }) =>
      (brought.get(input) ?? []).flatMap((image) =>
        places
          .filter(({ account }) => account !== hub.account)
          .map(({ account }) => ({ image, account, stage })),
      ),
    ),
  )
}

/** Gives what pulling takes of the repositories' policies, for the proof: whoever pulls is let in by the own account. */
export function imagePullNeeds(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  declared: DeclaredPipeline,
): OthersNeeds[] {
  const stages = new Map<string, Pull[]>()
  for (const pull of pullsOf(fleet, names, pipeline, declared))
    stages.set(pull.stage, [...(stages.get(pull.stage) ?? []), pull])
  return [...stages].flatMap(([stage, pulls]) => {
    const found = declared.declaration.stages.find(({ name }) => name === stage)
    const action = found?.actions.find(({ inputArtifacts }) => inputArtifacts?.length)
    if (!action) return []
    const needs = pulls.flatMap(({ image, account }) =>
      IMAGE_PULL.map((one) => ({
        principal: rootArn(account),
        action: one,
        resource: names.imageArn(image, fleet.hub),
        because: `to pull the image ${image}`,
      })),
    )
    const distinct = new Map(needs.map((one) => [JSON.stringify(one), one]))
    return { stage, action: action.name, needs: [...distinct.values()] }
  })
}
