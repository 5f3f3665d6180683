/** Stack of a pipeline in an account and region where tests of its stages run: their projects. */
import type { Fleet, FleetPipeline } from '../fleet/index.ts'
import type { AssemblyStack } from '../model/index.ts'
import type { Names } from './names.ts'
import { cacheResources, projectResource } from './project-resources.ts'
import type { BuildProject } from './projects.ts'
import { template } from './stack.ts'

/**
 * Gives the stacks, one for each account and region.
 * AWS: CodeBuild looks whether it may assume a project's role when the project is made, so the roles stand in the stacks
 * of the first wave.
 */
export function testsStacks(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  projects: readonly BuildProject[],
): AssemblyStack[] {
  const places = new Map<string, BuildProject[]>()
  for (const project of projects) {
    if (!project.place) continue
    const key = `${project.target.account} ${project.target.region}`
    places.set(key, [...(places.get(key) ?? []), project])
  }
  return [...places.values()].map((here) => testsStack(fleet, names, pipeline, here))
}

function testsStack(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  projects: readonly BuildProject[],
): AssemblyStack {
  const { target, place } = projects[0]!
  const title = `tests of ${pipeline.id} in ${place!.environment}`
  return {
    name: names.pipelineStack(pipeline.id, 'tests'),
    target,
    environment: place!.environment,
    title,
    template: template(`Crossdock fleet ${fleet.name}: ${title}`, {
      ...cacheResources(projects),
      ...Object.fromEntries(
        projects.map((project) => [project.logicalId, projectResource(project, { role: project.role })]),
      ),
    }),
    capabilities: [],
    tags: fleet.tags,
    parametersFrom: {},
  }
}
