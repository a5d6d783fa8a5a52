import { useEffect } from "preact/hooks";
import type { RegistryRow } from "../server/api.js";
import { Boundary } from "./components/boundary.js";
import { Help } from "./components/help.js";
import { PackagePalette } from "./components/package-palette.js";
import { ProblemBox } from "./components/problem-box.js";
import { TopBar } from "./components/top-bar.js";
import { Home } from "./pages/home.js";
import { Locate } from "./pages/locate.js";
import { Lost } from "./pages/lost.js";
import { PackagePage } from "./pages/package-page.js";
import { Packages } from "./pages/packages.js";
import { navigate, route } from "./state/location.js";
import { openOverlay, overlay } from "./state/overlay.js";
import { type Route, registryHref } from "./state/routes.js";
import { useShortcuts } from "./state/shortcuts.js";
import { toast } from "./state/toast.js";
import { useFocusOfPage } from "./state/use-focus-of-page.js";
import { useResource } from "./state/use-resource.js";

/** The whole catalog: a head, the page that the address names, and what lies over it. */
export function App() {
  const here = route.value;
  const registries = useResource<readonly RegistryRow[]>("/api/v1/registries");
  const id = "registry" in here ? here.registry : undefined;
  const registry = registries.data?.find((one) => one.id === id);
  const isNew = id !== undefined && registries.data !== undefined && registry === undefined;
  useEffect(() => {
    // One that was opened since the list was read.
    if (isNew) registries.retry();
  }, [id, isNew]);
  useFocusOfPage(JSON.stringify(here));
  useShortcuts({
    "?": () => openOverlay("help"),
    "/": () => (id === undefined ? undefined : openOverlay("packages")),
    "g p": () => (id === undefined ? undefined : navigate(registryHref(id))),
  });
  if (registries.problem?.code === "Locked") {
    return (
      <main id="main" class="page">
        <ProblemBox problem={registries.problem} />
      </main>
    );
  }
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <TopBar registry={registry} isAwaited={registries.data === undefined && registries.problem === undefined} />
      <Boundary of={here} isPage>
        <Page here={here} registry={registry} registries={registries} />
      </Boundary>
      {overlay.value === "help" ? <Help /> : null}
      {overlay.value === "packages" && id !== undefined ? <PackagePalette registry={id} /> : null}
      <div class="toast" role="status">
        {toast.value === undefined ? null : <span>{toast.value}</span>}
      </div>
    </>
  );
}

interface PageProps {
  readonly here: Route;
  readonly registry: RegistryRow | undefined;
  readonly registries: Parameters<typeof Home>[0]["registries"];
}

function Page({ here, registry, registries }: PageProps) {
  switch (here.page) {
    case "home":
      return <Home registries={registries} />;
    case "packages":
      return <Packages key={here.registry} id={here.registry} registry={registry} />;
    case "locate":
      return <Locate key={here.text} text={here.text} />;
    case "lost":
      return <Lost />;
    default:
      return <PackagePage key={`${here.registry} ${here.name}`} at={here} registry={registry} />;
  }
}
