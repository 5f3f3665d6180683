/** An artifact store whose bucket is in another region. */
import { storeIn } from '../../../../pipeline/index.ts'
import type { LintRule } from '../rule.ts'

/** AWS: the artifact bucket of a region is in that region; CreatePipeline refuses another. */
export const artifactStoreInOtherRegion: LintRule = {
  id: 'artifact-store-in-other-region',
  summary: 'The artifact store of a region names a bucket of another region.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap(({ declaration, region: home, origin }) =>
      [...new Set([home, ...Object.keys(declaration.artifactStores ?? {})])].flatMap((region) => {
        const bucket = landscape.buckets.get(storeIn(declaration, region, home)?.location ?? '')
        if (!bucket || bucket.region === region) return []
        const { file, stack } = bucket.origin
        return {
          severity: 'error' as const,
          message: `the artifact store of ${region} of the pipeline ${declaration.name} names the bucket ${bucket.name}, which is in ${bucket.region}`,
          fix: `name a bucket of ${region}, or deploy ${file ?? `the stack ${stack}`} in ${region}`,
          origin,
        }
      }),
    ),
}
