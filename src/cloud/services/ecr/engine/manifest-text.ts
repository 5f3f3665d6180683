/** Manifests as they are kept: under the repository's key where it has one. */
import type { Context } from '../../../kernel/context.ts'
import type { Image, Repository } from '../state.ts'
import { newSeal, openSeal } from './encryption.ts'

/** Errors: KmsException. */
export async function keepManifest(
  ctx: Context,
  repository: Repository,
  digest: string,
  text: string,
): Promise<Pick<Image, 'manifest' | 'seal'>> {
  const { seal, cipher } = await newSeal(ctx, repository, { bucket: 'manifest', id: digest })
  const manifest = Buffer.from(cipher(0)(Buffer.from(text))).toString('base64')
  return { manifest, ...(seal && { seal }) }
}

/** Errors: KmsException. */
export async function manifestText(ctx: Context, repository: Repository, image: Image): Promise<string> {
  const cipher = await openSeal(ctx, repository.region, image.seal)
  return Buffer.from(cipher(0)(Buffer.from(image.manifest, 'base64'))).toString()
}
