/** What builds need that no pipeline starts: those of projects with repositories of their own. */
import type { Need } from '../../model/index.ts'
import { ownProjectNeeds } from '../../pipeline/index.ts'
import { findKey } from '../landscape/find-key.ts'
import type { Landscape } from '../landscape/landscape.ts'

/** What stands in the place of a pipeline's name; no pipeline can be called so. */
export const OWN_BUILDS = 'builds of repositories'

/** Gives the needs of each project in the landscape that builds repositories of its own, with the region it stands in. */
export const ownBuilds = (
  landscape: Landscape,
): { readonly project: string; readonly region: string; readonly needs: readonly Need[] }[] =>
  [...landscape.projects].map(([arn, project]) => ({
    project: project.name,
    region: project.region,
    needs: ownProjectNeeds({
      ...project,
      arn,
      encryptionKey: findKey(project.encryptionKey, project, landscape)?.arn,
      logGroupStands: landscape.logGroups?.has(project.logGroup),
    }),
  }))
