/** Naming repositories, and finding what is in them. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Table } from '../../../kernel/store.ts'
import {
  type Image,
  images,
  inRepository,
  type Layer,
  layers,
  type Repository,
  repositories,
} from '../state.ts'

/** How requests name a repository: in the caller's own registry unless they name another account's. */
export interface Named {
  readonly registryId?: string
  readonly repositoryName: string
}

export const registryOf = (ctx: Context, named: { readonly registryId?: string }): string =>
  named.registryId ?? ctx.account

/** `with name 'x' in the registry with id '1'`: how ECR's messages speak of a repository. */
export const inWords = ({ name, account }: Pick<Repository, 'name' | 'account'>): string =>
  `with name '${name}' in the registry with id '${account}'`

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message)

/** AWS: how a parameter is refused whose form the service itself checks. */
export const invalidAt = (parameter: string, constraint: string): AwsError =>
  invalidParameter(`Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`)

export const repositoryArn = (ctx: Context, account: string, name: string): string =>
  formatArn('ecr', ctx.region, account, `repository/${name}`)

/** Puts a changed copy of a repository and gives it. */
export function changeRepository(
  ctx: Context,
  repository: Repository,
  changes: Partial<Repository>,
): Repository {
  const changed = { ...repository, ...changes }
  ctx.table(repositories, repository.account, repository.region).put(repository.name, changed)
  return changed
}

export const imageTable = (ctx: Context, repository: Repository): Table<Image> =>
  ctx.table(images, repository.account, repository.region)

export const layerTable = (ctx: Context, repository: Repository): Table<Layer> =>
  ctx.table(layers, repository.account, repository.region)

/** The images of a repository, in the order they were pushed. */
export const imagesOf = (ctx: Context, repository: Repository): Image[] =>
  imageTable(ctx, repository)
    .values()
    .filter((one) => one.repository === repository.name)
    .sort((one, other) => one.pushedAt - other.pushedAt)

export const findLayer = (ctx: Context, repository: Repository, digest: string): Layer | undefined =>
  layerTable(ctx, repository).get(inRepository(repository.name, digest))

/** The image with a digest. */
export const imageWith = (ctx: Context, repository: Repository, digest: string): Image | undefined =>
  imageTable(ctx, repository).get(inRepository(repository.name, digest))

/** The image that a tag is on. */
export const taggedImage = (ctx: Context, repository: Repository, tag: string): Image | undefined =>
  imageTable(ctx, repository)
    .values()
    .find((one) => one.repository === repository.name && one.tags.includes(tag))

/** Puts an image, new or changed. */
export function saveImage(ctx: Context, repository: Repository, image: Image): void {
  imageTable(ctx, repository).put(inRepository(repository.name, image.digest), image)
}
