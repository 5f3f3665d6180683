/**
 * Which runtimes CodeBuild's images have. AWS: available-runtimes and runtime-versions in CodeBuild's guide, as they stood in
 * early 2026; versions that came later pass as those that are named exactly.
 */
import { entryOf } from '../../../../model/index.ts'

type Runtimes = Readonly<Record<string, readonly string[]>>

const STANDARD_7: Runtimes = {
  dotnet: ['6.0', '8.0'],
  golang: ['1.20', '1.21', '1.22', '1.23'],
  java: ['corretto8', 'corretto11', 'corretto17', 'corretto21'],
  nodejs: ['18', '20', '22'],
  php: ['8.2', '8.3'],
  python: ['3.9', '3.10', '3.11', '3.12', '3.13'],
  ruby: ['3.1', '3.2', '3.3', '3.4'],
}
const STANDARD_6: Runtimes = {
  dotnet: ['6.0'],
  golang: ['1.18'],
  java: ['corretto17'],
  nodejs: ['16'],
  php: ['8.1'],
  python: ['3.10'],
  ruby: ['3.1'],
}

/** By the image's identifier without `aws/codebuild/`. Images of other years are not judged. */
const IMAGES: Readonly<Record<string, Runtimes>> = {
  'standard:7.0': STANDARD_7,
  'amazonlinux-x86_64-standard:5.0': STANDARD_7,
  'amazonlinux2-x86_64-standard:5.0': STANDARD_7,
  'amazonlinux-aarch64-standard:3.0': { ...STANDARD_7, php: ['8.1', '8.2', '8.3'] },
  'amazonlinux2-aarch64-standard:3.0': { ...STANDARD_7, php: ['8.1', '8.2', '8.3'] },
  'standard:6.0': STANDARD_6,
  'amazonlinux2-x86_64-standard:4.0': { ...STANDARD_6, python: ['3.9'] },
}

/** AWS: other versions are installed when they are named exactly (runtime-versions, custom runtime versions). */
const EXACT: Readonly<Record<string, RegExp>> = {
  dotnet: /^\d+\.\d+\.\d+$/,
  golang: /^\d+\.\d+(?:\.\d+)?$/,
  java: /^corretto\d+$/,
  nodejs: /^\d+(?:\.\d+){0,2}$/,
  php: /^\d+\.\d+\.\d+$/,
  python: /^\d+(?:\.\d+){0,2}$/,
  ruby: /^\d+\.\d+\.\d+$/,
}

/** Images of old have these too; nothing comes of asking for docker, which is always there. */
const OLD = ['android', 'docker']

/**
 * Says what is wrong with a runtime that a buildspec asks for on an image, in CodeBuild's words; undefined where
 * nothing is, or where the image is not known.
 */
export function runtimeProblem(name: string, version: string, image: string): string | undefined {
  if (OLD.includes(name)) return undefined
  if (!entryOf(EXACT, name))
    return `Unknown runtime named '${name}'. This build image has the following runtimes: ${Object.keys(EXACT).join(', ')}`
  const versions = entryOf(entryOf(IMAGES, image.replace(/^aws\/codebuild\//, '')) ?? {}, name)
  if (!versions || version === 'latest' || versions.includes(version)) return undefined
  const [, major] = /^(.+)\.x$/.exec(version) ?? []
  const ofMajor = major && versions.some((one) => one === major || one.startsWith(`${major}.`))
  if (ofMajor || EXACT[name]!.test(version)) return undefined
  return `Unknown runtime version named '${version}' of ${name}. This build image has the following versions: ${versions.join(', ')}`
}

/** AWS: images of others get the warning "Skipping install of runtimes", and no runtime (build-spec-ref). */
export const hasRuntimes = (image: string): boolean => /codebuild\/(?:standard|amazonlinux)/.test(image)
