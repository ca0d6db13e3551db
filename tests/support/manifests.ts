import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { record, strings } from './compose-file.ts'

const folder = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url))

/** An object of Kubernetes, as a manifest writes it. */
export interface Manifest {
  /** File that it is in, from deploy/kubernetes. */
  file: string
  apiVersion: string
  kind: string
  name: string
  /** All of it. */
  content: Record<string, unknown>
}

/** The only container of a workload, with what its pod adds. */
export interface Workload {
  kind: string
  name: string
  image: string
  /** Program and arguments together. */
  command: string[]
  ports: number[]
  /** Variables that are set one by one: the value, or where it comes from. */
  env: Record<string, { value: string } | { secret: string; key: string; optional: boolean }>
  /** ConfigMaps and Secrets of which every entry is a variable. */
  envFrom: string[]
  /** Paths of its probes by their names. */
  probes: Record<string, string>
  container: Record<string, unknown>
  pod: Record<string, unknown>
  /** Replicas as written; undefined: an autoscaler's. */
  replicas: unknown
}

/** Paths of all files below deploy/kubernetes, from there. */
export function manifestFiles(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** The text of one of them. */
export function manifestText(file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}

/** What a kustomization (a folder, such as `overlays/demo`) brings together, and the files that it names itself or through others. */
export function readKustomization(path: string): { manifests: Manifest[]; files: string[] } {
  const file = join(path, 'kustomization.yaml')
  const content = record(parse(manifestText(file)))
  const found: { manifests: Manifest[]; files: string[] } = { manifests: [], files: [file] }
  for (const named of [...strings(content.resources), ...strings(content.components)]) {
    const target = join(path, named)
    if (existsSync(join(folder, target, 'kustomization.yaml'))) {
      const inner = readKustomization(target)
      found.manifests.push(...inner.manifests)
      found.files.push(...inner.files)
    } else {
      found.manifests.push(...readManifests(target))
      found.files.push(target)
    }
  }
  const generators = Array.isArray(content.secretGenerator) ? content.secretGenerator.map(record) : []
  found.files.push(...generators.flatMap(({ envs }) => strings(envs)).map((env) => join(path, env)))
  return found
}

/** The objects of a file. Throws where it is no YAML. */
function readManifests(file: string): Manifest[] {
  return parseAllDocuments(manifestText(file)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`)
    const content = record(document.toJS())
    return {
      file,
      apiVersion: String(content.apiVersion),
      kind: String(content.kind),
      name: String(record(content.metadata).name),
      content,
    }
  })
}

/** What runs: Deployments and StatefulSets. Throws where one has not exactly one container. */
export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map(({ kind, name, content }) => {
      const { template, replicas } = record(content.spec)
      const pod = record(record(template).spec)
      const [only, ...others] = list(pod.containers)
      if (!only || others.length > 0) throw new Error(`${name} has not one container`)
      const probes = Object.entries(only).filter(([field]) => field.endsWith('Probe'))
      return {
        kind,
        name,
        image: String(only.image),
        command: [...strings(only.command), ...strings(only.args)],
        ports: list(only.ports).map(({ containerPort }) => Number(containerPort)),
        env: Object.fromEntries(list(only.env).map((one) => [String(one.name), toSource(one)])),
        envFrom: list(only.envFrom).map(({ configMapRef, secretRef }) =>
          String(record(configMapRef ?? secretRef).name),
        ),
        probes: Object.fromEntries(
          probes.map(([field, probe]) => [field, String(record(record(probe).httpGet ?? {}).path ?? '')]),
        ),
        container: only,
        pod,
        replicas,
      }
    })
}

function toSource({ value, valueFrom }: Record<string, unknown>): Workload['env'][string] {
  if (value !== undefined) return { value: String(value) }
  const { name, key, optional } = record(record(valueFrom).secretKeyRef)
  return { secret: String(name), key: String(key), optional: optional === true }
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : []
}
