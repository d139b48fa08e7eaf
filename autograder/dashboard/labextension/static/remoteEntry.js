// The dashboard in JupyterLab: a card in the launcher, an entry in the Nbgrader menu, a command in the palette.
//
// JupyterLab loads extensions by webpack's module federation. This file is such a module written by hand, so that no build
// is needed: `init` receives the packages that JupyterLab shares, `get` hands out the plugin.

(() => {
  "use strict";

  const NAME = "autograder-dashboard";
  const COMMAND = "autograder:dashboard";
  let shared;

  /** A package that JupyterLab shares with its extensions: of every package there is one version. */
  async function load(name) {
    const [version] = Object.values(shared[name]);
    return (await version.get())();
  }

  /** Whether this server has a course and lets us see its grades; elsewhere, as at a learner's desk, nothing is added. */
  async function isOffered(address) {
    const { ServerConnection } = await load("@jupyterlab/services");
    const answer = await ServerConnection.makeRequest(`${address}offered`, {}, ServerConnection.makeSettings());
    return answer.ok && (await answer.json()).offered;
  }

  async function plugin() {
    const [{ IFrame, MainAreaWidget, ICommandPalette }, { ILauncher }, { IMainMenu }, { PageConfig }, { LabIcon }] =
      await Promise.all(
        ["apputils", "launcher", "mainmenu", "coreutils", "ui-components"].map((name) => load(`@jupyterlab/${name}`)),
      );

    const icon = new LabIcon({
      name: `${NAME}:icon`,
      svgstr:
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 22 22"><g class="jp-icon3" fill="#616161">' +
        '<path d="M3 3h4v4H3zm6 0h4v4H9zm6 0h4v4h-4zM3 9h4v4H3zm6 0h4v4H9zM3 15h4v4H3z"/>' +
        '<path opacity=".4" d="M15 9h4v4h-4zm-6 6h4v4H9zm6 0h4v4h-4z"/></g></svg>',
    });

    /** The dashboard in a frame of the same origin; JupyterHub forbids frames, so there it gets a browser tab. */
    function open(app, address) {
      if (PageConfig.getOption("hubPrefix")) {
        window.open(address, "_blank", "noopener");
        return;
      }
      const known = [...app.shell.widgets("main")].find((widget) => widget.id === NAME);
      if (known) {
        app.shell.activateById(known.id);
        return;
      }
      const content = new IFrame({
        sandbox: ["allow-same-origin", "allow-scripts", "allow-forms", "allow-downloads", "allow-popups"],
      });
      content.url = address;
      const tab = new MainAreaWidget({ content });
      tab.id = NAME;
      Object.assign(tab.title, { label: "Dashboard", icon, closable: true });
      app.shell.add(tab, "main");
      app.shell.activateById(tab.id);
    }

    return {
      id: `${NAME}:plugin`,
      autoStart: true,
      optional: [ICommandPalette, ILauncher, IMainMenu],
      activate: async (app, palette, launcher, menu) => {
        const address = `${PageConfig.getBaseUrl()}autograder/`;
        if (!(await isOffered(address))) {
          return;
        }
        app.commands.addCommand(COMMAND, {
          label: "Class Dashboard",
          caption: "Where the class stands, what it does not understand, who needs help",
          icon: (args) => (args.isLauncher ? icon : undefined),
          execute: () => open(app, address),
        });
        palette?.addItem({ command: COMMAND, category: "nbgrader" });
        launcher?.add({ command: COMMAND, args: { isLauncher: true }, category: "Other" });
        app.restored.then(() => {
          const nbgrader = menu?.menus.find((entry) => entry.id === "jp-mainmenu-nbgrader");
          (nbgrader ?? menu?.viewMenu)?.addItem({ command: COMMAND });
        });
      },
    };
  }

  (window._JUPYTERLAB ??= {})[NAME] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const made = await plugin();
      return () => ({ __esModule: true, default: made });
    },
  };
})();
