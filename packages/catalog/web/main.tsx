import { render } from "preact";
import { App } from "./app.js";
import { followLinks } from "./state/location.js";
import { openSession } from "./state/session.js";
import "./style/catalog.css";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no place for the catalog.");
followLinks();
void openSession().then(() => render(<App />, root));
